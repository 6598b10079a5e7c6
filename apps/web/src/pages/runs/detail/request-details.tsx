import { Stack } from '@mantine/core';
import { JsonView } from '../../../components/json-view.js';
import { TextForms } from '../../../components/text-forms.js';
import { TextView } from '../../../components/text-view.js';
import { FromEvent } from '../../agents/from-event/from-event.js';
import { Attachments } from './attachments.js';
import { Section, Withheld } from './section.js';
import { isFull, type Trace } from './trace.js';

/** The inbound request. */
export function InputDetails({ trace }: { trace: Trace }) {
  return (
    <>
      <Section value="input" title="Payload">
        {isFull(trace) ? (
          <Stack gap="xs">
            <Payload value={trace.payload} />
            <FromEvent agentId={trace.agent_id} from={trace.task_id} event={trace} />
          </Stack>
        ) : (
          <Withheld />
        )}
      </Section>
      {isFull(trace) && Object.keys(trace.query).length > 0 && (
        <Section value="query" title="Query string">
          <JsonView value={trace.query} what="Query string" />
        </Section>
      )}
      {isFull(trace) && trace.attachments.length > 0 && (
        <Section value="files" title="Files">
          <Attachments taskId={trace.task_id} attachments={trace.attachments} />
        </Section>
      )}
      <Section value="headers" title="Kept headers">
        {isFull(trace) ? <JsonView value={trace.headers} what="Headers" /> : <Withheld />}
      </Section>
    </>
  );
}

/** A payload that is a text is shown as the sender wrote it. */
const Payload = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? (
    <TextView text={value} what="Payload" isCode />
  ) : (
    <JsonView value={value} what="Payload" />
  );

/** The exact prompt that the model received. */
export function PromptDetails({ trace: { prompt } }: { trace: Trace }) {
  return (
    <>
      <Section value="input" title="System">
        {prompt ? <TextForms text={prompt.system} what="System prompt" isCode /> : <Withheld />}
      </Section>
      <Section value="output" title="User">
        {prompt ? <TextForms text={prompt.user} what="User prompt" isCode /> : <Withheld />}
      </Section>
    </>
  );
}
