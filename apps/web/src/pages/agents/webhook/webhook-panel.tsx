import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Agent } from '../editor/draft/draft.js';
import { agentQuery } from '../editor/draft/use-save.js';
import { useChosenPayload } from '../editor/prompt/use-chosen-payload.js';
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
/** A snippet with a longer payload could not be read. */
const MAX_SNIPPET_PAYLOAD = 4_000;

/** How an agent is reached and tried: the right column of its page. Where there is little room, a part of it at a time. */
export function WebhookPanel({ agent }: { agent: Agent }) {
  const [part, setPart] = useState<Part>('Webhook');
  const [minted, setMinted] = useState<string>();
  // When it was last used changes without anybody's doing; so may all the rest.
  useQuery({ ...agentQuery(agent.id), refetchInterval: REFRESH_MS });
  const example = examplePayload(agent);
  const payload = useChosenPayload(agent.id, undefined, example);

  // It counts no more once somebody else has rotated it.
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
        <TryItSection agent={agent} payload={payload} />
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
