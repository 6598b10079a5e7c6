import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
// The receivers of the guide on callbacks, which a test runs: read as text, never as code of this page.
// biome-ignore lint/style/noRestrictedImports: see above
import withPackage from '../../../../../../../packages/testing/examples/callbacks/receiver.mjs?raw';
// biome-ignore lint/style/noRestrictedImports: see above
import python from '../../../../../../../packages/testing/examples/callbacks/receiver.py?raw';
// biome-ignore lint/style/noRestrictedImports: see above
import node from '../../../../../../../packages/testing/examples/callbacks/receiver-plain.mjs?raw';
import { TextView } from '../../../../components/text-view.js';

const RECEIVERS = {
  Node: { text: node, needs: 'No installation needed.' },
  'Node, package': { text: withPackage, needs: 'First: npm install standardwebhooks.' },
  Python: { text: python, needs: 'No installation needed.' },
};
type Language = keyof typeof RECEIVERS;

/** Example programs that receive an agent's callback and check its signature. */
export default function VerifyCallback() {
  const [language, setLanguage] = useState<Language>('Node');
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Language of the receiver"
        data={Object.keys(RECEIVERS) as Language[]}
        value={language}
        onChange={setLanguage}
      />
      <Text size="sm" c="dimmed">
        It listens on PORT, 3000 by default. CALLBACK_SECRET is the secret of this agent’s callback.{' '}
        {RECEIVERS[language].needs}
      </Text>
      <TextView isCode text={RECEIVERS[language].text} what={`${language} receiver`} maxHeight={260} />
    </Stack>
  );
}
