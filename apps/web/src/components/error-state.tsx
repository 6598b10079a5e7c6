import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { explain, isProblem } from '../api/problem.js';
import { messageInWords } from './message-words.js';
import { OutsideText } from './outside-text.js';
import { placeInForm } from './place-words.js';

/** An error in words: the api's message, the paths it named, and what to do. */
export function ErrorState({ error, action }: { error: unknown; action?: ReactNode }) {
  const { title, detail } = explain(error);
  const issues = isProblem(error) ? (error.errors ?? []) : [];
  return (
    <Alert color="red" role="alert" title={title} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{detail}</Text>
        {issues.length > 0 && (
          <List size="sm">
            {issues.map(({ path, message }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one error's list does not change
              <List.Item key={index} style={{ overflowWrap: 'anywhere' }}>
                {path !== '' && (
                  <Text span inherit fw={600}>
                    <OutsideText text={`${placeInForm(path)}:`} />{' '}
                  </Text>
                )}
                <OutsideText text={messageInWords(message)} />
              </List.Item>
            ))}
          </List>
        )}
        {action}
      </Stack>
    </Alert>
  );
}
