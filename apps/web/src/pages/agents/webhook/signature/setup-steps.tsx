import { List, Text } from '@mantine/core';

/** The setup steps at the sender. */
export function SetupSteps({ steps }: { steps: string[] }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        At the sender
      </Text>
      <List type="ordered" size="sm" spacing={2}>
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </div>
  );
}
