import { Alert, Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { TextView } from '../../../../components/text-view.js';
import type { Agent } from '../../editor/draft/draft.js';
import { curlSnippet } from './curl.js';
import { curlWaitSnippet } from './curl-wait.js';
import { javascriptSnippet } from './javascript.js';
import { pythonSnippet } from './python.js';

const VerifyCallback = lazy(() => import('./verify-callback.js'));

const LANGUAGES = {
  curl: curlSnippet,
  Python: pythonSnippet,
  JavaScript: javascriptSnippet,
  'One call': curlWaitSnippet,
};
const HEIGHT = 260;

interface SnippetsProps {
  agent: Agent;
  /** If undefined, the programs read WEBHOOK_URL from their environment. */
  url: string | undefined;
  payload: unknown;
}

/** Programs that use the webhook and run unchanged. */
export function Snippets({ agent, url, payload }: SnippetsProps) {
  const [tab, setTab] = useState<string | null>('curl');
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
          {agent.signature && (
            <Alert color="blue" p="xs" mb="xs">
              This agent checks signatures, so an unsigned request gets 401. Use “Try it” to send a signed
              one.
            </Alert>
          )}
          <TextView isCode text={write(url, payload)} what={`${name} snippet`} maxHeight={HEIGHT} />
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
