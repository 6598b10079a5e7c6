import { Divider, Stack } from '@mantine/core';
import { Panel } from '../../../../components/panel.js';
import { BurstFields } from './burst-fields.js';
import { ConversationFields } from './conversation-fields.js';

/** Which events belong together: one conversation, or one run. */
export function TogetherSection() {
  return (
    <Panel
      title="Events that belong together"
      description="By default, every event has a run of its own that knows nothing of the others."
    >
      <Stack gap="sm">
        <ConversationFields />
        <Divider />
        <BurstFields />
      </Stack>
    </Panel>
  );
}
