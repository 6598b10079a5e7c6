import { ActionIcon, Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { Destination } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { JsonField } from '../json-field.js';
import { type FieldSchema, fieldsOf, isEmpty } from '../tools/field-kind.js';
import { SchemaField } from '../tools/schema-field.js';

interface DestinationCardProps {
  destination: Destination;
  /** The JSON Pointer of the destination in the agent. */
  at: string;
  title: string;
  /** Undefined for a type that this page does not know; it is edited as JSON. */
  schema: FieldSchema | undefined;
  onChange: (destination: Destination, at: string) => void;
  onRemove: () => void;
}

/** One destination of the agent. */
export function DestinationCard({
  destination,
  at,
  title,
  schema,
  onChange,
  onRemove,
}: DestinationCardProps) {
  const { readOnly } = useDraft();
  const name = destination.name ?? destination.type;
  return (
    <Paper p="xs" component="section" aria-label={`Destination ${name}`}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Badge variant="light" color="gray" radius="sm" tt="none" fw={500} miw="fit-content">
            {title}
          </Badge>
          <Text fw={600} size="sm" truncate title={name}>
            {name}
          </Text>
        </Group>
        {!readOnly && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Stack gap="sm" p="xs" pt="sm">
        {schema === undefined ? (
          <JsonField
            label="Configuration"
            at={at}
            value={destination}
            empty={undefined}
            height={220}
            onChange={(value) => onChange((value ?? destination) as Destination, at)}
          />
        ) : (
          <Fields destination={destination} at={at} schema={schema} onChange={onChange} />
        )}
      </Stack>
    </Paper>
  );
}

/** The fields of a destination, from the schema of its type. An emptied optional field is left out. */
function Fields({
  destination,
  at,
  schema,
  onChange,
}: Pick<DestinationCardProps, 'destination' | 'at' | 'onChange'> & { schema: FieldSchema }) {
  const values = destination as Record<string, unknown>;
  return fieldsOf(schema).map((field) => (
    <SchemaField
      key={field.name}
      field={field}
      secretsLabel="Secrets"
      at={`${at}/${field.name}`}
      value={values[field.name]}
      onChange={(value) => {
        const { [field.name]: _old, ...rest } = values;
        const leftOut = isEmpty(value) && !schema.required?.includes(field.name);
        const next = leftOut ? rest : { ...values, [field.name]: value };
        onChange(next as Destination, `${at}/${field.name}`);
      }}
    />
  ));
}
