import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Agent } from '../editor/draft/draft.js';
import { agentQuery } from '../editor/draft/use-save.js';
import { useChosenPayload } from '../editor/prompt/use-chosen-payload.js';
import type { SampleEvent } from '../from-event/filter-of.js';
import { ActivitySection } from './activity/activity-section.js';
import { CallbackSection } from './callback/callback-section.js';
import { examplePayload } from './example-payload.js';
import { SignatureSection } from './signature/signature-section.js';
import { TryItSection } from './try-it/try-it-section.js';
import { WebhookSection } from './url/webhook-section.js';
import classes from './webhook-panel.module.css';

const PARTS = ['Webhook', 'Try it', 'Activity', 'Callback'] as const;
type Part = (typeof PARTS)[number];

const REFRESH_MS = 10_000;
/** A snippet with a longer payload would be unreadable. */
const MAX_SNIPPET_PAYLOAD = 4_000;

interface WebhookPanelProps {
  agent: Agent;
  /** A task, or kept event, whose payload the user wants to try. */
  payloadFrom: string | undefined;
  /** An event of this page that the user wants to try. */
  sample: (SampleEvent & { number: number }) | undefined;
}

/** The right column of an agent's page: its webhook and tests. Narrow screens show one part at a time. */
export function WebhookPanel({ agent, payloadFrom, sample }: WebhookPanelProps) {
  const [part, setPart] = useState<Part>(payloadFrom === undefined ? 'Webhook' : 'Try it');
  const [minted, setMinted] = useState<string>();
  // The time of last use changes without the user; so may everything else.
  useQuery({ ...agentQuery(agent.id), refetchInterval: REFRESH_MS });
  const example = examplePayload(agent);
  const payload = useChosenPayload(agent.id, payloadFrom, example);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each event is taken once
  useEffect(() => {
    if (sample === undefined) return;
    payload.use({ payload: sample.payload, headers: sample.headers });
    setPart('Try it');
  }, [sample]);

  // The URL is stale once someone else has rotated it.
  const hint = agent.webhook?.token_hint;
  const url = hint !== undefined && minted?.endsWith(hint) ? minted : undefined;
  const of = (name: Part) => ({ className: classes.part, 'data-chosen': part === name || undefined });
  const sent =
    payload.parsed && payload.text.length <= MAX_SNIPPET_PAYLOAD ? payload.parsed.payload : example;

  return (
    <div className={classes.parts}>
      <SegmentedControl
        hiddenFrom="lg"
        fullWidth
        size="xs"
        aria-label="Part of the webhook"
        data={[...PARTS]}
        value={part}
        onChange={setPart}
      />
      <div {...of('Webhook')}>
        <WebhookSection agent={agent} url={url} onMinted={setMinted} payload={sent} />
        <SignatureSection agent={agent} />
      </div>
      <div {...of('Try it')}>
        <TryItSection
          key={sample?.number}
          agent={agent}
          payload={payload}
          isWanted={payloadFrom !== undefined || sample !== undefined}
        />
      </div>
      <div {...of('Activity')}>
        <ActivitySection agentId={agent.id} />
      </div>
      <div {...of('Callback')}>
        <CallbackSection agent={agent} />
      </div>
    </div>
  );
}
