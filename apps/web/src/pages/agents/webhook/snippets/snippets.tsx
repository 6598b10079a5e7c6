import { Alert, Code, Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../../api/client.js';
import { TextView } from '../../../../components/text-view.js';
import { OF_ONE_DELIVERY } from '../../../runs/detail/curl.js';
import type { Agent } from '../../editor/draft/draft.js';
import { useSenders } from '../signature/use-senders.js';
import { curlSnippet } from './curl.js';
import { curlWaitSnippet } from './curl-wait.js';
import { goSnippet } from './go.js';
import { javaSnippet } from './java.js';
import { javascriptSnippet } from './javascript.js';
import { pythonSnippet } from './python.js';
import { needsSecret, type Signing } from './signing.js';

const VerifyCallback = lazy(() => import('./verify-callback.js'));

const LANGUAGES = {
  curl: curlSnippet,
  Python: pythonSnippet,
  JavaScript: javascriptSnippet,
  Go: goSnippet,
  Java: javaSnippet,
  'One call': curlWaitSnippet,
};
const HEIGHT = 260;

interface SnippetsProps {
  agent: Agent;
  /** If undefined, the programs read WEBHOOK_URL from their environment. */
  url: string | undefined;
  payload: unknown;
}

/** What to know about the proof that the agent asks for. */
function AboutSigning({ signing }: { signing: Signing }) {
  if (signing.kind === 'sender_only')
    return (
      <Alert color="orange" p="xs" mb="xs">
        Only the sender can sign for this agent, so the webhook refuses this program with 401, and it ends
        there. “Try it” shows what a sender would get.
      </Alert>
    );
  if (!needsSecret(signing)) return null;
  return (
    <Alert color="blue" p="xs" mb="xs">
      The program proves its requests as the sender does. It reads the secret from <Code>WEBHOOK_SECRET</Code>
      .
    </Alert>
  );
}

/** Programs that use the webhook as its sender would, and run unchanged. */
export function Snippets({ agent, url, payload }: SnippetsProps) {
  const [tab, setTab] = useState<string | null>('curl');
  // Another signature is another version.
  const { data: signing } = api.useQuery(
    'get',
    '/api/agents/{id}/signing',
    { params: { path: { id: agent.id } } },
    { staleTime: 0 },
  );
  const headers = useSenderHeaders(agent);
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List>
        {Object.keys(LANGUAGES).map((name) => (
          <Tabs.Tab key={name} value={name} px={6}>
            {name}
          </Tabs.Tab>
        ))}
        <Tabs.Tab value="verify" px={6}>
          Verify callback
        </Tabs.Tab>
      </Tabs.List>
      {Object.entries(LANGUAGES).map(([name, write]) => (
        <Tabs.Panel key={name} value={name} pt="xs">
          {signing ? (
            <>
              <AboutSigning signing={signing} />
              <TextView
                isCode
                text={write({ url, payload, signing, headers })}
                what={`${name} snippet`}
                maxHeight={HEIGHT}
              />
            </>
          ) : (
            <Skeleton h={HEIGHT} />
          )}
        </Tabs.Panel>
      ))}
      <Tabs.Panel value="verify" pt="xs">
        <Suspense fallback={<Skeleton h={HEIGHT} />}>
          <VerifyCallback />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

/** The headers in which the agent's sender says what an event is, from its sample. */
function useSenderHeaders({ signature }: Agent): Record<string, string> {
  const sender = useSenders()?.find(({ scheme }) => scheme === signature?.scheme);
  const named = Object.entries(sender?.sample.headers ?? {});
  return Object.fromEntries(named.filter(([name]) => !OF_ONE_DELIVERY.test(name.toLowerCase())));
}
