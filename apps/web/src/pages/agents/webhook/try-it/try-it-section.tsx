import { Button, Group, Kbd, SegmentedControl, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import { OF_ONE_DELIVERY } from '../../../runs/detail/curl.js';
import type { Agent } from '../../editor/draft/draft.js';
import { useDraft } from '../../editor/draft/use-draft.js';
import { PayloadField } from '../../editor/prompt/payload-field.js';
import { PayloadPicker } from '../../editor/prompt/payload-picker.js';
import type { ChosenPayload } from '../../editor/prompt/use-chosen-payload.js';
import { useSenders } from '../signature/use-senders.js';
import { readHeaders, writeHeaders } from './header-lines.js';
import classes from './live-run.module.css';
import { useArrival } from './use-arrival.js';
import { type Send, useSendTest } from './use-send-test.js';
import { WhatRuns } from './what-runs.js';

const TestOutcome = lazy(() => import('./test-outcome.js'));

const SENDS: Record<Send, string> = {
  direct: 'Runs the payload if it matches the input schema. Needs no signature.',
  signed: 'Sent as the sender would, signed with the stored secret.',
  unsigned: 'Sent as by someone who knows only the URL.',
  tampered: 'Signed, then one byte changed on the way.',
};
/** Height of the collapsed answer, in CSS pixels. */
const ANSWER_HEIGHT = 138;
const MODES = Object.keys(SENDS) as Send[];

const withoutDelivery = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_DELIVERY.test(name)));

/** What the agent's sender sends, if that is JSON. */
function useSample({ signature }: Agent) {
  const sender = useSenders()?.find(({ scheme }) => scheme === signature?.scheme);
  if (sender?.sample.content_type !== 'application/json' || sender.sample.body === '') return undefined;
  const { title, sample } = sender;
  // The text itself where its numbers have more digits than JavaScript keeps.
  const pretty = JSON.stringify(JSON.parse(sample.body), null, 2);
  const isExact = JSON.stringify(JSON.parse(pretty)) === sample.body;
  return { title, payload: isExact ? pretty : sample.body, headers: sample.headers };
}

interface TryItProps {
  agent: Agent;
  payload: ChosenPayload;
  /** Whether the user came here to try a payload. */
  isWanted: boolean;
}

/** Sends a test of the draft, directly or as a sender would, and shows the answer and the run. */
export function TryItSection({ agent, payload, isWanted }: TryItProps) {
  const box = useArrival(isWanted);
  const [send, setSend] = useState<Send>('direct');
  const [typedHeaders, setTypedHeaders] = useState<string>();
  const { can } = useSession();
  const { draft, isDirty } = useDraft();
  const { tests, sendTest, compareWith, isSending, error } = useSendTest(agent.id);
  const test = tests[0]?.test;
  const headerText = typedHeaders ?? writeHeaders(withoutDelivery(payload.parsed?.headers ?? {}));
  const headers = readHeaders(headerText);
  const sample = useSample(agent);
  const isReadable = Object.keys(draft.unreadable).length === 0;
  const isReady = payload.parsed !== undefined && headers.ok && isReadable;

  const submit = () => {
    if (!can('operator') || !isReady || isSending || payload.parsed === undefined) return;
    sendTest({
      payload: payload.parsed.payload,
      headers: headers.headers,
      send,
      ...(isDirty && { configuration: draft.edits }),
    });
  };
  // Captured before the editor, for which the key means a new line.
  const onKeyDownCapture = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };

  return (
    <Panel title="Try it" ref={box}>
      <Stack gap="sm" onKeyDownCapture={onKeyDownCapture}>
        <PayloadPicker
          payload={{
            ...payload,
            choose: (taskId) => {
              setTypedHeaders(undefined);
              payload.choose(taskId);
            },
          }}
        />
        {sample && (
          <div>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                payload.type(sample.payload);
                setTypedHeaders(writeHeaders(sample.headers));
              }}
            >
              Use a sample of {sample.title}
            </Button>
          </div>
        )}
        <PayloadField
          payload={payload}
          height={170}
          error="This is not valid JSON."
          onType={(text) => {
            // A typed payload no longer belongs to a task, but its headers stay.
            setTypedHeaders(headerText);
            payload.type(text);
          }}
        />
        <Textarea
          label="Headers"
          description="One per line, for example x-github-event: issues"
          autosize
          minRows={1}
          maxRows={6}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={headerText}
          error={headers.ok ? undefined : headers.problem}
          onChange={({ currentTarget }) => setTypedHeaders(currentTarget.value)}
        />
        <div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="How it is sent"
            data={MODES.map((value) => ({
              value,
              label: value,
              disabled: agent.signature === null && (value === 'signed' || value === 'tampered'),
            }))}
            value={send}
            onChange={setSend}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {SENDS[send]}
            {agent.signature === null && 'To send it signed, choose the sender under “Verified by”.'}
          </Text>
        </div>
        <Group justify="space-between" gap="sm">
          <WhatRuns version={draft.base.version} isDraft={isDirty} isReadable={isReadable} />
          <Group gap="sm" wrap="nowrap" ml="auto">
            <Text size="xs" c="dimmed" visibleFrom="sm">
              <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd>
            </Text>
            <NeedsRole role="operator">
              <Button
                leftSection={<IconSend size={16} aria-hidden />}
                loading={isSending}
                disabled={!isReady}
                onClick={submit}
              >
                Send test
              </Button>
            </NeedsRole>
          </Group>
        </Group>
        {error && <ErrorState error={error} />}
        {(test || isSending) && (
          <div className={classes.outcome}>
            {test ? (
              <Suspense fallback={<Skeleton h={ANSWER_HEIGHT} />}>
                <TestOutcome tests={tests} isSending={isSending} onSend={compareWith} />
              </Suspense>
            ) : (
              <Skeleton h={ANSWER_HEIGHT} />
            )}
          </div>
        )}
      </Stack>
    </Panel>
  );
}
