export { type Bounded, createBounded } from './create-bounded.js';
export { LIMITS } from './limits.js';
export type {
  Caller,
  Checked,
  CheckedText,
  LimitOutcome,
  Rendered,
  RenderedPrompt,
  SchemaIssue,
} from './outcome.js';
