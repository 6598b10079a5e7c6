import { JsonView } from '../../../components/json-view.js';
import { TextView } from '../../../components/text-view.js';
import { Section, Withheld } from './section.js';
import { isFull, type Trace } from './trace.js';

/** The inbound request. */
export function InputDetails({ trace }: { trace: Trace }) {
  return (
    <>
      <Section value="input" title="Payload">
        {isFull(trace) ? <JsonView value={trace.payload} what="Payload" /> : <Withheld />}
      </Section>
      <Section value="headers" title="Kept headers">
        {isFull(trace) ? <JsonView value={trace.headers} what="Headers" /> : <Withheld />}
      </Section>
    </>
  );
}

/** The exact prompt that the model received. */
export function PromptDetails({ trace: { prompt } }: { trace: Trace }) {
  return (
    <>
      <Section value="input" title="System">
        {prompt ? <TextView text={prompt.system} what="System prompt" isCode /> : <Withheld />}
      </Section>
      <Section value="output" title="User">
        {prompt ? <TextView text={prompt.user} what="User prompt" isCode /> : <Withheld />}
      </Section>
    </>
  );
}
