import { Anchor, Group, Image, Stack, Text } from '@mantine/core';
import type { Schema } from '../../../api/client.js';
import { formatNumber } from '../../../components/format.js';
import { OutsideText } from '../../../components/outside-text.js';

type Attachment = Schema<'TaskTrace'>['attachments'][number];

/** The types that the api sends as pictures; see routes/task-attachments.ts. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The files of a task, to look at or to download. */
export function Attachments({ taskId, attachments }: { taskId: string; attachments: Attachment[] }) {
  return (
    <Stack gap="sm">
      {attachments.map(({ filename, media_type, bytes, url: from }, index) => {
        const url = `/api/tasks/${taskId}/attachments/${index}`;
        return (
          <Stack key={url} gap={4}>
            <Group gap="xs">
              <Anchor href={url} download={filename} size="sm" style={{ overflowWrap: 'anywhere' }}>
                <OutsideText text={filename} />
              </Anchor>
              <Text size="xs" c="dimmed">
                {media_type}, {formatNumber(bytes)} bytes
              </Text>
            </Group>
            {from !== undefined && (
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                Fetched from <OutsideText text={from} />
              </Text>
            )}
            {PICTURES.has(media_type) && (
              <Image src={url} alt={filename} mah={320} w="auto" maw="100%" fit="contain" radius="sm" />
            )}
          </Stack>
        );
      })}
    </Stack>
  );
}
