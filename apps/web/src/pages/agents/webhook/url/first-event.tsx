import { Alert, Anchor, Loader, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconFilter } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { OutsideText } from '../../../../components/outside-text.js';
import { TextView } from '../../../../components/text-view.js';
import { RelativeTime } from '../../../../components/times.js';
import { shortId } from '../../../runs/run-names.js';
import { FromEvent } from '../../from-event/from-event.js';
import { type Arrived, useFirstEvent } from './use-first-event.js';

interface FirstEventProps {
  agentId: string;
  /** Requests before this time do not count. RFC 3339. */
  since: string;
}

/** The first request to a new URL, as it arrives: whether it runs and, if not, why. */
export function FirstEvent({ agentId, since }: FirstEventProps) {
  const arrived = useFirstEvent(agentId, since);
  return (
    <Alert
      role="status"
      p="xs"
      mih={64}
      color={arrived ? COLORS[arrived.verdict] : 'gray'}
      icon={arrived ? ICONS[arrived.verdict] : <Loader size={16} />}
      title={arrived ? TITLES[arrived.verdict] : 'Waiting for the first event…'}
    >
      {arrived ? (
        <Reason agentId={agentId} arrived={arrived} />
      ) : (
        <Text size="sm">Post to the URL: it is shown here.</Text>
      )}
    </Alert>
  );
}

const COLORS = { runs: 'green', refused: 'red', filtered: 'gray' } as const;
const TITLES = {
  runs: 'The first event has arrived and runs',
  refused: 'A request has arrived and was refused',
  filtered: 'An event has arrived and does not run',
} as const;
const ICONS = {
  runs: <IconCircleCheck aria-hidden />,
  refused: <IconCircleX aria-hidden />,
  filtered: <IconFilter aria-hidden />,
} as const;

function Reason({ agentId, arrived }: { agentId: string; arrived: Arrived }) {
  return (
    <Stack gap="xs">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <RelativeTime at={arrived.at} />
        {': '}
        {arrived.verdict === 'runs' ? (
          <Anchor
            inherit
            c="inherit"
            underline="always"
            renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId: arrived.id }} {...props} />}
          >
            run {shortId(arrived.id)}
          </Anchor>
        ) : (
          <OutsideText text={arrived.reason} />
        )}
      </Text>
      {arrived.event && (
        <>
          <TextView
            text={JSON.stringify(arrived.event.payload, null, 2)}
            what="event"
            isCode
            maxHeight={120}
          />
          <FromEvent agentId={agentId} from={arrived.id} event={arrived.event} />
        </>
      )}
    </Stack>
  );
}
