export type { Escape } from '@agenthook/template';
export type { CelCall, CelEvent as ScreenedEvent, CelIssue, CelSubject } from './cel/compile.js';
export type { Condition } from './cel/condition.js';
export type { Screen, Screened } from './cel/screen.js';
export { type Bounded, createBounded } from './create-bounded.js';
export {
  type Body,
  type FieldEncoding,
  type Input,
  isJson,
  isMultipart,
  isUrlEncoded,
  type Operation,
} from './description/operation.js';
export type { OperationEntry, OperationFault, Reading } from './description/read-description.js';
export { LIMITS, MAX_DESCRIPTION_BYTES } from './limits.js';
export { maskProperties } from './mask/mask-value.js';
export type {
  Caller,
  CelChecked,
  Checked,
  CheckedText,
  LargePayload,
  LimitOutcome,
  MaskedJson,
  MasksChecked,
  Rendered,
  RenderedPrompt,
  SchemaIssue,
} from './outcome.js';
export { type PayloadSource, parsePayload } from './parse-payload.js';
export { isCostly } from './payload/is-costly.js';
export { mayCarryFiles } from './payload/media-type.js';
export type { FilePart, ParsedPayload, PayloadKind } from './payload/parsed.js';
export { readExtraQuery } from './payload/read-form.js';
export { decodeTransfer } from './payload/transfer-encoding.js';
export { type ChildLimits, type ChildOutcome, runChild } from './run-child.js';
export type { Screening } from './work.js';
