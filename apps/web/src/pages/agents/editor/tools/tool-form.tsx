import { Stack } from '@mantine/core';
import { Fragment } from 'react';
import type { Tool } from '../draft/draft.js';
import { COMMON_LAST, type FieldSchema, fieldsOf, isEmpty } from './field-kind.js';
import { NeededSecretFields } from './needed-secret-fields.js';
import { neededSecrets } from './needed-secrets.js';
import { SchemaField } from './schema-field.js';
import { exampleFor, isNeeded, isShown } from './shown-fields.js';
import { choiceOf } from './tool-choice.js';
import type { ToolChecking } from './use-tool-check.js';

interface ToolFormProps {
  tool: Tool;
  schema: FieldSchema;
  /** The JSON Pointer of the tool in the agent. */
  at: string;
  /** What the tool offers to pick from. */
  checking: ToolChecking;
  onChange: (tool: Tool, at: string) => void;
}

/** The fields of a tool, from the schema of its type. An emptied optional field is left out. */
export function ToolForm({ tool, schema, at, checking, onChange }: ToolFormProps) {
  const values = tool as Record<string, unknown>;
  const shown = fieldsOf(schema)
    .filter(({ name }) => isShown(tool, name))
    .map((field) => ({ ...field, isRequired: field.isRequired || isNeeded(tool, field.name) }));
  const named = neededSecrets(tool).map(({ name }) => name);
  // After the tool's own fields, since it depends on them which secrets it needs.
  const secretsBefore = shown.find(({ name }) => COMMON_LAST.includes(name))?.name;
  return (
    <Stack>
      {shown.map((field) => (
        <Fragment key={field.name}>
          {field.name === secretsBefore && <NeededSecretFields tool={tool} at={at} onChange={onChange} />}
          <SchemaField
            field={field}
            example={exampleFor(tool.type, field.name)}
            named={named}
            at={`${at}/${field.name}`}
            checking={field.name === choiceOf(tool) ? checking : undefined}
            value={values[field.name]}
            onChange={(value) => {
              const { [field.name]: _old, ...rest } = values;
              const leftOut = isEmpty(value) && !schema.required?.includes(field.name);
              // The field keeps its position, so that a diff shows only the change.
              const next = leftOut ? rest : { ...values, [field.name]: value };
              onChange(next as Tool, `${at}/${field.name}`);
            }}
          />
        </Fragment>
      ))}
    </Stack>
  );
}
