import { Accordion, Alert, Badge, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Schema } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import { OutsideText } from '../../../../components/outside-text.js';
import { TextView } from '../../../../components/text-view.js';
import { writeHeaders } from './header-lines.js';

/** The request that was sent, and the answer a sender would receive. */
export function TestAnswer({ test: { sent, answer } }: { test: Schema<'AgentTest'> }) {
  const isTaken = answer.status < 300;
  const Icon = isTaken ? IconCircleCheck : IconCircleX;
  return (
    <Stack gap="xs" component="section" aria-label="Answer">
      <Group gap="xs">
        <Badge
          variant="light"
          color={isTaken ? 'green' : 'red'}
          radius="sm"
          leftSection={<Icon size={13} aria-hidden />}
        >
          {answer.status}
        </Badge>
        <Text size="sm">{isTaken ? 'is what a sender gets' : 'is what a sender gets; nothing runs'}</Text>
      </Group>
      {isProblem(answer.body) && (
        <Alert color="red" p="xs" title={`${answer.body.title} (${answer.body.code})`}>
          <OutsideText text={answer.body.detail} />
        </Alert>
      )}
      <Accordion chevronPosition="left" variant="contained" multiple>
        <Accordion.Item value="sent">
          <Accordion.Control>What was sent</Accordion.Control>
          <Accordion.Panel>
            <TextView
              isCode
              text={`${sent.method}\n${writeHeaders(sent.headers)}\n\n${sent.body}`}
              what="sent request"
              maxHeight={220}
            />
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="answer">
          <Accordion.Control>What came back</Accordion.Control>
          <Accordion.Panel>
            <TextView
              isCode
              text={`${answer.status}\n${writeHeaders(answer.headers)}\n\n${JSON.stringify(answer.body, null, 2)}`}
              what="answer"
              maxHeight={220}
            />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}
