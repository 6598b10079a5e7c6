import { Alert, List, Stack, Text } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { OutsideText } from '../../../../components/outside-text.js';
import { placeInPayload } from '../../../../components/place-words.js';
import { FromEvent } from '../../from-event/from-event.js';
import { sampleOf } from '../../from-event/sample-of.js';
import { Accept, KeptRequest } from './kept-request.js';

type Rejection = Schema<'Rejection'> | Schema<'WithheldRejection'>;

interface RejectionDetailsProps {
  agentId: string;
  rejection: Rejection;
}

/** Shows a rejected request and the reason, and can run it. */
export default function RejectionDetails({ agentId, rejection }: RejectionDetailsProps) {
  return (
    <Stack gap="xs">
      {'redacted' in rejection ? (
        <Text size="sm" c="dimmed">
          Your API key may not see the request or the exact reason.
        </Text>
      ) : (
        <>
          <Content rejection={rejection} />
          <FromEvent agentId={agentId} from={rejection.id} event={sampleOf(rejection)} />
        </>
      )}
      <Accept
        agentId={agentId}
        event={rejection}
        label="Accept and run"
        notice="Accepting it skips the signature and rate checks and the filter, but not the input schema."
      />
    </Stack>
  );
}

function Content({ rejection }: { rejection: Schema<'Rejection'> }) {
  const { detail, errors = [] } = rejection;
  return (
    <>
      <Alert color="red" p="xs">
        <OutsideText text={detail} />
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                <OutsideText text={`${placeInPayload(path)} ${message}`} />
              </List.Item>
            ))}
          </List>
        )}
      </Alert>
      <KeptRequest event={rejection} />
    </>
  );
}
