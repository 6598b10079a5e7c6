import { Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Agent } from '../draft/draft.js';
import { nameOfField } from '../field-names.js';

const TextDiff = lazy(() => import('./text-diff.js'));

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2);

interface FieldDiffProps {
  field: keyof Agent;
  before: unknown;
  after: unknown;
  /** Who made this change. */
  note?: string;
}

/** Shows how one field of an agent changed. */
export function FieldDiff({ field, before, after, note }: FieldDiffProps) {
  const name = nameOfField(field);
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {name}
        {note && (
          <Text span c="dimmed" fw={400}>
            {` · ${note}`}
          </Text>
        )}
      </Text>
      <Suspense fallback={<Skeleton h={72} />}>
        <TextDiff before={toText(before)} after={toText(after)} label={`Changes of ${name}`} />
      </Suspense>
    </Stack>
  );
}
