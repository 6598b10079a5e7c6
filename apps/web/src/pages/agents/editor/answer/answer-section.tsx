import { Autocomplete, Code, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { CodeEditor } from '../../../../components/code-editor/code-editor.js';
import { Panel } from '../../../../components/panel.js';
import type { Agent } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { HELP_BELOW } from '../help-below.js';
import { EMPTY_ANSWER, READY_ANSWERS, type Response } from './ready-answers.js';

const SHAPES: { value: Agent['result_shape']; label: string }[] = [
  { value: 'flat', label: 'Flat: result.answer' },
  { value: 'docsgpt', label: 'As DocsGPT: result.result.answer' },
];

const STATUSES = [
  { value: '200', label: '200 OK' },
  { value: '202', label: '202 Accepted' },
  { value: '204', label: '204 No Content' },
];

const TYPES = ['application/json', 'text/plain', 'text/html', 'text/xml'];
const MAX_WAIT_SECONDS = 60;

const CHOICES = [
  { value: 'default', label: 'The task id, or what the sender expects' },
  ...Object.entries(READY_ANSWERS).map(([value, { label }]) => ({ value, label })),
  { value: 'own', label: 'An answer of your own' },
];

/** The name of the ready-made answer that a response equals. */
function choiceOf(response: Response | null): string {
  if (response === null) return 'default';
  const same = Object.entries(READY_ANSWERS).find(([, ready]) =>
    (Object.keys(ready.response) as (keyof Response)[]).every((key) => ready.response[key] === response[key]),
  );
  return same?.[0] ?? 'own';
}

/** The answer to senders, and how results are written. */
export function AnswerSection() {
  const { values, readOnly, set, errorAt } = useDraft();
  // Agents saved before these fields existed have neither.
  const { response = null, result_shape = 'flat' } = values;
  const choice = choiceOf(response);
  const choose = (name: string | null) => {
    if (name === 'default') return set('response', null);
    set('response', READY_ANSWERS[name ?? '']?.response ?? response ?? EMPTY_ANSWER);
  };

  return (
    <Panel
      title="Answer"
      description="What a sender gets back once its event is stored, or once the agent is done."
    >
      <Stack>
        <Select
          label="Senders are answered with"
          description={READY_ANSWERS[choice]?.hint}
          inputWrapperOrder={HELP_BELOW}
          allowDeselect={false}
          data={CHOICES}
          value={choice}
          readOnly={readOnly}
          error={errorAt('/response')}
          onChange={choose}
        />
        {response && <ResponseFields response={response} />}
        <Select
          label="Form of results without an API key"
          description="In GET /api/task_status, event streams, callbacks and answers to Prefer: wait. Runs keep the form of their version."
          inputWrapperOrder={HELP_BELOW}
          allowDeselect={false}
          data={SHAPES}
          value={result_shape}
          readOnly={readOnly}
          error={errorAt('/result_shape')}
          onChange={(value) => value !== null && set('result_shape', value as Agent['result_shape'])}
        />
      </Stack>
    </Panel>
  );
}

function ResponseFields({ response }: { response: Response }) {
  const { draft, readOnly, set, errorAt } = useDraft();
  const change = (changes: Partial<Response>) =>
    set('response', { ...response, ...changes }, `/response/${Object.keys(changes)[0]}`);
  const issue = draft.issues.find(({ path }) => path === '/response/body');
  const { line, column, message } = issue ?? {};
  const marks = useMemo(
    () =>
      line !== undefined && column !== undefined && message !== undefined ? [{ line, column, message }] : [],
    [line, column, message],
  );
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Select
          label="Status"
          allowDeselect={false}
          data={STATUSES}
          value={String(response.status)}
          readOnly={readOnly}
          error={errorAt('/response/status')}
          onChange={(value) => change({ status: Number(value) as Response['status'] })}
        />
        <Autocomplete
          label="Media type"
          data={TYPES}
          value={response.content_type}
          readOnly={readOnly}
          error={errorAt('/response/content_type')}
          onChange={(content_type) => change({ content_type })}
        />
        <NumberInput
          label="Wait for the result (s)"
          min={0}
          max={MAX_WAIT_SECONDS}
          allowDecimal={false}
          value={response.wait_seconds}
          readOnly={readOnly}
          error={errorAt('/response/wait_seconds')}
          onChange={(value) => change({ wait_seconds: Number(value) })}
        />
      </SimpleGrid>
      <CodeEditor
        label="Body"
        description="Liquid template. Inserted values are escaped for the media type. Empty: no body."
        language="liquid"
        height={180}
        value={response.body}
        onChange={(body) => change({ body })}
        readOnly={readOnly}
        marks={marks}
        error={issue && (line === undefined ? message : `Line ${line}, column ${column}: ${message}`)}
      />
      <Text size="sm" c="dimmed">
        Variables: <Code>payload</Code>, <Code>headers</Code>, <Code>query</Code>, <Code>task_id</Code>,{' '}
        <Code>task_status_url</Code>
        {response.wait_seconds > 0 && (
          <>
            , <Code>status</Code>, <Code>result</Code>, <Code>error</Code>
          </>
        )}
        . “Try it” as a signed sender shows the answer.
      </Text>
    </>
  );
}
