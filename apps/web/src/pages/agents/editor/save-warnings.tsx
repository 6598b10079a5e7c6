import { Alert, List, Text } from '@mantine/core';
import type { Schema } from '../../../api/client.js';

interface SaveWarningsProps {
  warnings: readonly Schema<'AgentWarning'>[];
  tools: readonly { name: string }[];
  onClose: () => void;
}

/** What the save that has just succeeded found that may not work. */
export function SaveWarnings({ warnings, tools, onClose }: SaveWarningsProps) {
  return (
    <Alert
      color="orange"
      title={
        warnings.length === 1
          ? 'Saved. One thing may not work'
          : `Saved. ${warnings.length} things may not work`
      }
      withCloseButton
      closeButtonLabel="Close the warnings"
      onClose={onClose}
      mb="md"
    >
      <List size="sm" spacing={4}>
        {warnings.map(({ path, detail }) => (
          <List.Item key={`${path} ${detail}`} style={{ overflowWrap: 'anywhere' }}>
            <Text span size="sm" fw={600}>
              {placeOf(path, tools)}
            </Text>{' '}
            {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** The name of the tool, or the field: `Model`. */
function placeOf(path: string, tools: readonly { name: string }[]): string {
  const [, field = '', index] = path.split('/');
  if (field === '') return '';
  const tool = field === 'tools' && index !== undefined ? tools[Number(index)]?.name : undefined;
  const words = field.replaceAll('_', ' ');
  return `${tool ?? words.charAt(0).toUpperCase() + words.slice(1)}:`;
}
