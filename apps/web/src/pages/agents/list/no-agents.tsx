import { Button, Group } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../../app/session.js';
import { EmptyState } from '../../../components/empty-state.js';

/** Shown instead of the list if there are no agents. */
export function NoAgents() {
  const { why } = useSession();
  const refused = why('admin');
  return (
    <EmptyState
      Icon={IconRobot}
      title="No agents yet"
      action={
        refused === undefined && (
          <Group justify="center">
            <Button renderRoot={(props) => <Link to="/agents/new" {...props} />}>Choose a template</Button>
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/agents/new" search={{ start: 'empty' }} {...props} />}
            >
              Start from scratch
            </Button>
          </Group>
        )
      }
    >
      An agent gets a secret URL and runs whenever something posts to it. Templates are complete agents, from
      ticket triage to content moderation, that run at once.
      {refused && `To create one, ask an admin: ${refused}`}
    </EmptyState>
  );
}
