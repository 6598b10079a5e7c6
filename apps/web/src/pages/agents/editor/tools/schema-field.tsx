import { Code, MultiSelect, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { CodeEditor } from '../../../../components/code-editor/code-editor.js';
import { NumberField } from '../../../../components/number-field.js';
import { useDraft } from '../draft/use-draft.js';
import { JsonField } from '../json-field.js';
import { AgentField } from './agent-field.js';
import { type fieldsOf, labelOf } from './field-kind.js';
import { MapField } from './map-field.js';
import { PickField } from './pick-field.js';
import { SecretsField } from './secrets-field.js';
import type { ToolChecking } from './use-tool-check.js';

interface SchemaFieldProps {
  field: ReturnType<typeof fieldsOf>[number];
  /** The JSON Pointer of the value in the agent. */
  at: string;
  value: unknown;
  /** An example of a value. */
  example?: string | undefined;
  /** Secrets that have fields of their own. */
  named?: readonly string[];
  /** Set if the value is picked from what the tool offers. */
  checking?: ToolChecking | undefined;
  /** The label of all secrets, if none has a field of its own. */
  secretsLabel?: string;
  onChange: (value: unknown) => void;
}

/** One input, chosen by the schema of its value. */
export function SchemaField(props: SchemaFieldProps) {
  const { field, at, value, example, named = [], secretsLabel = 'Other secrets', checking, onChange } = props;
  const { readOnly, errorAt } = useDraft();
  const { name, schema, kind, isRequired } = field;
  const label = labelOf(name);
  const description = schema.description && <Described text={schema.description} />;
  const placeholder = schema.default === undefined ? (example ?? '') : String(schema.default);
  const common = { label, description, error: errorAt(at), required: isRequired };
  const text = typeof value === 'string' ? value : '';

  switch (kind.kind) {
    case 'text':
      return (
        <TextInput
          {...common}
          placeholder={placeholder}
          value={text}
          readOnly={readOnly}
          spellCheck={false}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
    case 'long_text':
      if (kind.isTemplate) {
        return (
          <CodeEditor
            {...common}
            language="liquid"
            height={110}
            value={text}
            readOnly={readOnly}
            onChange={onChange}
          />
        );
      }
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          placeholder={placeholder}
          maxRows={10}
          value={text}
          readOnly={readOnly}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={kind.options}
          placeholder={placeholder}
          clearable={!isRequired}
          allowDeselect={false}
          value={typeof value === 'string' ? value : null}
          readOnly={readOnly}
          comboboxProps={{ withinPortal: false }}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      );
    case 'agent':
      return <AgentField {...common} value={text} readOnly={readOnly} onChange={onChange} />;
    case 'number':
      return (
        <NumberField
          {...common}
          {...(kind.min === undefined ? {} : { min: kind.min })}
          {...(kind.max === undefined ? {} : { max: kind.max })}
          thousandSeparator=","
          placeholder={placeholder}
          value={typeof value === 'number' ? value : null}
          readOnly={readOnly}
          onChange={(number) => onChange(number ?? undefined)}
        />
      );
    case 'switch': {
      const preset = schema.default === true;
      return (
        <Switch
          label={label}
          description={description}
          error={errorAt(at)}
          checked={typeof value === 'boolean' ? value : preset}
          disabled={readOnly}
          onChange={({ currentTarget: { checked } }) => onChange(checked === preset ? undefined : checked)}
        />
      );
    }
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={kind.options}
          value={Array.isArray(value) ? value : []}
          readOnly={readOnly}
          comboboxProps={{ withinPortal: false }}
          onChange={onChange}
        />
      );
    case 'list':
      if (checking) {
        return (
          <PickField
            {...common}
            value={Array.isArray(value) ? value : []}
            readOnly={readOnly}
            checking={checking}
            onChange={onChange}
          />
        );
      }
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value : []}
          readOnly={readOnly}
          placeholder={readOnly ? '' : (example ?? 'Enter adds one')}
          onChange={onChange}
        />
      );
    case 'map':
      return (
        <MapField
          label={label}
          description={description}
          at={at}
          value={value as Record<string, string> | undefined}
          onChange={onChange}
        />
      );
    case 'secrets':
      return (
        <SecretsField
          label={secretsLabel}
          description="Templates insert them as {{ secrets.NAME }}. Encrypted and never shown again."
          at={at}
          value={value as Record<string, string | true> | undefined}
          named={named}
          onChange={onChange}
        />
      );
    case 'json':
      return (
        <JsonField {...common} at={at} value={value} empty={undefined} height={140} onChange={onChange} />
      );
  }
}

/** A description from the api, with text in backticks shown as code. */
function Described({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    // Every second part is in backticks, and a part is identified only by its position.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    index % 2 === 1 ? <Code key={index}>{part}</Code> : part,
  );
}
