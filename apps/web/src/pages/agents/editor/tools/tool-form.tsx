import { Stack } from '@mantine/core';
import type { Tool } from '../draft/draft.js';
import { type FieldSchema, fieldsOf, isEmpty } from './field-kind.js';
import { SchemaField } from './schema-field.js';

interface ToolFormProps {
  tool: Tool;
  schema: FieldSchema;
  /** The JSON Pointer of the tool in the agent. */
  at: string;
  onChange: (tool: Tool, at: string) => void;
}

/** The fields of a tool, from the schema of its type. An emptied optional field is left out. */
export function ToolForm({ tool, schema, at, onChange }: ToolFormProps) {
  const values = tool as Record<string, unknown>;
  return (
    <Stack>
      {fieldsOf(schema).map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          at={`${at}/${field.name}`}
          value={values[field.name]}
          onChange={(value) => {
            const { [field.name]: _old, ...rest } = values;
            const leftOut = !field.isRequired && isEmpty(value);
            // The field keeps its position, so that a diff shows only the change.
            const next = leftOut ? rest : { ...values, [field.name]: value };
            onChange(next as Tool, `${at}/${field.name}`);
          }}
        />
      ))}
    </Stack>
  );
}
