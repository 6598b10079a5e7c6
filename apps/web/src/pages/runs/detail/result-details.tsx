import { Anchor, List, Stack, Text } from '@mantine/core';
import { FactGrid } from '../../../components/fact-grid.js';
import { formatCost, formatNumber } from '../../../components/format.js';
import { JsonView } from '../../../components/json-view.js';
import { OutsideText } from '../../../components/outside-text.js';
import { TextForms } from '../../../components/text-forms.js';
import { TextView } from '../../../components/text-view.js';
import { RelativeTime } from '../../../components/times.js';
import { adviceFor } from './failure-advice.js';
import { Section, Withheld } from './section.js';
import { tokenParts } from './token-parts.js';
import { errorOf, type FailedAttempt, type Trace } from './trace.js';

type Result = NonNullable<Trace['result']>;

/** The result, as the caller who triggered the run gets it. */
export function ResultDetails({ trace }: { trace: Trace }) {
  const { result } = trace;
  const error = errorOf(trace);
  if (!result) return null;
  const { usage } = result;
  const about = usage.estimated ? 'about ' : '';
  return (
    <>
      <Section value="output" title={error ? `Failed: ${error.code}` : 'Answer'}>
        <Output result={result} error={error} />
      </Section>
      {'output' in result && result.output !== undefined && (
        <Section value="input" title="Output">
          <JsonView value={result.output} what="Output" />
        </Section>
      )}
      {'thought' in result && result.thought !== '' && (
        <Section value="thought" title="Reasoning">
          <TextView text={result.thought} what="Reasoning" />
        </Section>
      )}
      {'sources' in result && result.sources.length > 0 && (
        <Section value="headers" title="Sources">
          <Sources sources={result.sources} />
        </Section>
      )}
      <Section value="facts" title="Usage">
        <FactGrid
          facts={{
            Model: 'model' in result ? result.model : null,
            Steps: 'steps' in result ? result.steps : null,
            'Tool calls': result.tool_calls.length,
            'Tokens in': `${about}${formatNumber(usage.input_tokens)}`,
            'Tokens out': `${about}${formatNumber(usage.output_tokens)}`,
            ...tokenParts(usage),
            Cost: formatCost(usage.cost_usd),
          }}
        />
      </Section>
    </>
  );
}

function Output({ result, error }: { result: Result; error: ReturnType<typeof errorOf> }) {
  return (
    <Stack gap="xs">
      {error && (
        <div>
          {error.message && (
            <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              <OutsideText text={error.message} />
            </Text>
          )}
          <Text size="sm">{adviceFor(error.code)}</Text>
        </div>
      )}
      {'answer' in result ? (
        result.answer && (
          <TextForms text={result.answer} what={error ? 'What the model had said' : 'Answer'} />
        )
      ) : error ? null : (
        <Withheld />
      )}
      {'truncated' in result && <Text size="sm">The model was cut off here.</Text>}
    </Stack>
  );
}

function Sources({ sources }: { sources: readonly { title: string | null; url: string }[] }) {
  return (
    <List size="sm">
      {sources.map(({ title, url }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stay as they are, and two may be alike
        <List.Item key={index} style={{ overflowWrap: 'anywhere' }}>
          {/* A model may name a URL of any scheme. */}
          {/^https?:\/\//i.test(url) ? (
            <Anchor href={url} target="_blank" rel="noreferrer noopener" inherit>
              <OutsideText text={title ?? url} />
            </Anchor>
          ) : (
            <OutsideText text={`${title ?? ''} ${url}`} />
          )}
        </List.Item>
      ))}
    </List>
  );
}

/** An attempt that ended without a result. */
export function AttemptDetails({ attempt }: { attempt: FailedAttempt }) {
  return (
    <>
      <Section value="facts" title={`Attempt ${attempt.attempt}`}>
        <FactGrid facts={{ Code: attempt.code, Ended: <RelativeTime at={attempt.at} /> }} />
      </Section>
      <Section value="output" title="Why it failed">
        <Stack gap={4}>
          {'message' in attempt && (
            <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              <OutsideText text={attempt.message} />
            </Text>
          )}
          <Text size="sm">{adviceFor(attempt.code)}</Text>
        </Stack>
      </Section>
      {'provider' in attempt && (
        <Section value="headers" title="What the provider answered">
          <JsonView value={attempt.provider} what="What the provider answered" />
        </Section>
      )}
    </>
  );
}
