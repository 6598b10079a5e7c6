import { Button, Group, List, Modal, Radio, Select, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../api/client.js';
import { useSession } from '../../../app/session.js';
import { ErrorState } from '../../../components/error-state.js';
import { OutsideText } from '../../../components/outside-text.js';
import { ShownOnce } from '../../../components/shown-once.js';
import { RelativeTime } from '../../../components/times.js';

type Shows = Schema<'Share'>['shows'];

const SHOWS: { value: Shows; label: string; description: string }[] = [
  { value: 'status', label: 'The status', description: 'Whether it has ended, and when.' },
  { value: 'answer', label: 'The answer', description: 'Also the answer, or why it failed.' },
  {
    value: 'full',
    label: 'Everything',
    description: 'Also the payload, the prompt, each step and its tool calls.',
  },
];
const TIMES = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
];
const WORDS: Record<Shows, string> = { status: 'the status', answer: 'the answer', full: 'everything' };

/** Makes links that show a run to people without a key, and ends them. */
export function ShareDialog({ taskId, onClose }: { taskId: string; onClose: () => void }) {
  const { session } = useSession();
  const queryClient = useQueryClient();
  const [shows, setShows] = useState<Shows>(session.see_payloads ? 'answer' : 'status');
  const [seconds, setSeconds] = useState('604800');
  const path = { id: taskId };
  const { data } = api.useQuery('get', '/api/tasks/{id}/shares', { params: { path } });
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks/{id}/shares'] });
  const make = api.useMutation('post', '/api/tasks/{id}/share', {
    meta: { quiet: true },
    onSuccess: refresh,
  });
  const revoke = api.useMutation('delete', '/api/tasks/{id}/shares/{share_id}', { onSuccess: refresh });
  return (
    <Modal opened onClose={onClose} title="Share this run" size="lg">
      <Stack>
        <Radio.Group
          label="What people with the link see"
          value={shows}
          onChange={(value) => setShows(value as Shows)}
        >
          <Stack gap="xs" mt="xs">
            {SHOWS.map(({ value, label, description }) => (
              <Radio
                key={value}
                value={value}
                label={label}
                description={description}
                disabled={value !== 'status' && !session.see_payloads}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group align="flex-end" justify="space-between">
          <Select
            label="It ends after"
            data={TIMES}
            value={seconds}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            onChange={(value) => value !== null && setSeconds(value)}
          />
          <Button
            loading={make.isPending}
            onClick={() =>
              make.mutate({ params: { path }, body: { shows, expires_in_seconds: Number(seconds) } })
            }
          >
            Make a link
          </Button>
        </Group>
        {make.error && <ErrorState error={make.error} />}
        {make.data && (
          <ShownOnce value={asReached(make.data.url)} what="link to the run">
            Anyone who has it sees {WORDS[make.data.shows]}, without signing in.
          </ShownOnce>
        )}
        {data && data.shares.length > 0 && (
          <section aria-label="Links">
            <Text fw={500} size="sm" mb={4}>
              Links that work
            </Text>
            <List
              size="sm"
              spacing={4}
              listStyleType="none"
              styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}
            >
              {data.shares.map((share) => (
                <List.Item key={share.id}>
                  <Group justify="space-between" gap="xs" wrap="nowrap">
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                      {WORDS[share.shows]}, ends <RelativeTime at={share.expires_at} />
                      {share.created_by !== null && (
                        <>
                          , by <OutsideText text={share.created_by} />
                        </>
                      )}
                    </Text>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      flex="none"
                      aria-label={`Revoke the link to ${WORDS[share.shows]}`}
                      onClick={() => revoke.mutate({ params: { path: { ...path, share_id: share.id } } })}
                    >
                      Revoke
                    </Button>
                  </Group>
                </List.Item>
              ))}
            </List>
          </section>
        )}
      </Stack>
    </Modal>
  );
}

/** The URL as this page's user reaches the api, which without PUBLIC_URL knows itself only as localhost. */
function asReached(url: string): string {
  const { hostname, pathname, hash } = new URL(url);
  return hostname === 'localhost' ? `${location.origin}${pathname}${hash}` : url;
}
