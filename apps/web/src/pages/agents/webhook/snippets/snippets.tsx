import { Alert, Code, Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../../api/client.js';
import { TextView } from '../../../../components/text-view.js';
import { OF_ONE_DELIVERY } from '../../../runs/detail/curl.js';
import type { Agent } from '../../editor/draft/draft.js';
import { useSenders } from '../signature/use-senders.js';
import { type Called, needsSecret, type Signing } from './signing.js';

const VerifyCallback = lazy(() => import('./verify-callback.js'));

const HEIGHT = 260;

/** A program as a component that loads when its tab opens. */
const programOf = (language: string, load: () => Promise<(called: Called) => string>) =>
  lazy(async () => {
    const write = await load();
    return {
      default: (called: Called) => (
        <TextView isCode text={write(called)} what={`${language} snippet`} maxHeight={HEIGHT} />
      ),
    };
  });

const PROGRAMS = Object.entries({
  curl: async () => (await import('./curl.js')).curlSnippet,
  Python: async () => (await import('./python.js')).pythonSnippet,
  JavaScript: async () => (await import('./javascript.js')).javascriptSnippet,
  Go: async () => (await import('./go.js')).goSnippet,
  Java: async () => (await import('./java.js')).javaSnippet,
  'One call': async () => (await import('./curl-wait.js')).curlWaitSnippet,
}).map(([language, load]) => ({ language, Program: programOf(language, load) }));

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
        {PROGRAMS.map(({ language }) => (
          <Tabs.Tab key={language} value={language} px={6}>
            {language}
          </Tabs.Tab>
        ))}
        <Tabs.Tab value="verify" px={6}>
          Verify callback
        </Tabs.Tab>
      </Tabs.List>
      {PROGRAMS.map(({ language, Program }) => (
        <Tabs.Panel key={language} value={language} pt="xs">
          {signing ? (
            <Suspense fallback={<Skeleton h={HEIGHT} />}>
              <AboutSigning signing={signing} />
              <Program url={url} payload={payload} signing={signing} headers={headers} />
            </Suspense>
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
