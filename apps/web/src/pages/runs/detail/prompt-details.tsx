import { TextView } from '../../../components/text-view.js';
import { Section, Withheld } from './section.js';
import type { Trace } from './trace.js';

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
