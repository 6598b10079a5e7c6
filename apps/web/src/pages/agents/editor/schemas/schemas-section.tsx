import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { Panel } from '../../../../components/panel.js';
import { useDraft } from '../draft/use-draft.js';
import { JsonField } from '../json-field.js';
import type { ChosenPayload } from '../prompt/use-chosen-payload.js';
import { inferSchema } from './infer-schema.js';

const OUTPUT_EXAMPLE = {
  type: 'object',
  required: ['label'],
  properties: {
    label: { type: 'string', enum: ['billing', 'bug', 'question'] },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
  },
};

/** The schemas that a payload must match to run, and that an answer must match. */
export function SchemasSection({ payload }: { payload: ChosenPayload }) {
  const { parsed } = payload;
  return (
    <Panel title="Schemas" description="JSON Schema, 2020-12. Empty: anything is accepted.">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SchemaEditor
          field="input_schema"
          label="Input schema"
          description="A payload that does not match gets 422 and does not run."
          suggestion={{
            label: 'Infer from the payload',
            disabled: parsed === undefined,
            schema: () => inferSchema(parsed?.payload),
          }}
        />
        <SchemaEditor
          field="output_schema"
          label="Output schema"
          description="The answer is then JSON in result.output that matches the schema."
          suggestion={{ label: 'Insert an example', disabled: false, schema: () => OUTPUT_EXAMPLE }}
        />
      </SimpleGrid>
    </Panel>
  );
}

interface SchemaEditorProps {
  field: 'input_schema' | 'output_schema';
  label: string;
  description: string;
  suggestion: { label: string; disabled: boolean; schema: () => Record<string, unknown> };
}

function SchemaEditor({ field, label, description, suggestion }: SchemaEditorProps) {
  const { draft, values, readOnly, set } = useDraft();
  const at = `/${field}`;
  const isEmpty = values[field] === null && draft.unreadable[at] === undefined;
  const issue = draft.issues.find(({ path }) => path === at || path.startsWith(`${at}/`));
  return (
    <Stack gap={6}>
      <JsonField
        label={label}
        description={description}
        at={at}
        value={values[field]}
        empty={null}
        height={180}
        onChange={(schema) => set(field, schema ?? null)}
        error={
          issue && (issue.path === at ? issue.message : `${issue.path.slice(at.length)} ${issue.message}`)
        }
      />
      {!readOnly && (
        <Group gap="xs">
          {isEmpty ? (
            <Button
              size="compact-sm"
              variant="subtle"
              disabled={suggestion.disabled}
              onClick={() => set(field, suggestion.schema())}
            >
              {suggestion.label}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={`Remove the ${label.toLowerCase()}`}
              onClick={() => set(field, null)}
            >
              Remove
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
