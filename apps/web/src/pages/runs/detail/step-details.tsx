import { List, Text } from '@mantine/core';
import { FactGrid } from '../../../components/fact-grid.js';
import { formatCost, formatDuration, formatNumber } from '../../../components/format.js';
import { TextView } from '../../../components/text-view.js';
import { RelativeTime } from '../../../components/times.js';
import type { Item } from './items.js';
import { ReplayFromStep } from './replay-from-step.js';
import { Section, Withheld } from './section.js';
import { tokenParts } from './token-parts.js';
import { callState, isCopied, type ToolCall, type Trace } from './trace.js';

/** A turn of the model. */
export function StepDetails({ item, trace }: { item: Extract<Item, { kind: 'step' }>; trace: Trace }) {
  const { step, number } = item;
  const { tool_calls } = step;
  const earlier = trace.steps.slice(0, number - 1).flatMap<ToolCall>((each) => each.tool_calls);
  return (
    <>
      <Section value="facts" title={`Step ${number}`}>
        <FactGrid
          facts={{
            Model: step.model,
            Latency: formatDuration(step.latency_ms),
            'Tokens in': formatNumber(step.input_tokens),
            'Tokens out': formatNumber(step.output_tokens),
            ...tokenParts(step),
            Cost: formatCost(step.cost_usd),
            Ended: <RelativeTime at={step.at} />,
            Because: step.finish_reason,
            Attempt: isCopied(step) ? 'copied' : step.attempt,
          }}
        />
        <ReplayFromStep trace={trace} step={number} />
      </Section>
      <Section value="input" title="Input">
        <Text size="sm">
          The prompt
          {earlier.length > 0 && `, and the results of ${earlier.map(({ name }) => name).join(', ')}`}.
        </Text>
      </Section>
      <Section value="output" title="Output">
        {'text' in step ? (
          step.text !== '' && <TextView text={step.text} what="What the model said" />
        ) : (
          <Withheld />
        )}
        {tool_calls.length > 0 && (
          <List size="sm" mt="xs">
            {tool_calls.map((call, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: calls of one step have no other name
              <List.Item key={index}>
                {call.name}: {callState(call, trace)}
              </List.Item>
            ))}
          </List>
        )}
      </Section>
      {'thought' in step && step.thought !== '' && (
        <Section value="thought" title="Reasoning">
          <TextView text={step.thought} what="Reasoning" />
        </Section>
      )}
    </>
  );
}
