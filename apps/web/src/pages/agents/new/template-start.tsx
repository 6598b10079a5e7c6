import { List, Stack, Text } from '@mantine/core';
import { Facts } from '../../../components/facts.js';
import { JsonView } from '../../../components/json-view.js';
import { Panel } from '../../../components/panel.js';
import { CreateForm } from './create-form.js';
import { StartChoice } from './start-choice.js';
import { exampleOf, TEMPLATES, type Template } from './templates.js';

/** A template before it becomes an agent. Shows all templates if the id is unknown. */
export function TemplateStart({ id }: { id: string | undefined }) {
  const template = TEMPLATES.find((each) => each.id === id);
  if (template === undefined) return <StartChoice />;
  return <CreateForm key={template.id} config={template.agent} about={<About template={template} />} />;
}

function About({ template: { summary, sender, fill_in, agent } }: { template: Template }) {
  return (
    <Panel title="About this template" description={summary}>
      <Stack gap="sm">
        <Facts items={[['Posted by', sender]]} />
        <div>
          <Text size="sm" fw={500}>
            To fill in
          </Text>
          <List size="sm">
            {fill_in.map((each) => (
              <List.Item key={each}>{each}</List.Item>
            ))}
          </List>
        </div>
        <div>
          <Text size="sm" fw={500} mb={4}>
            Example payload
          </Text>
          <JsonView value={exampleOf(agent)} what="example payload" maxHeight={260} />
          <Text size="xs" c="dimmed" mt={4}>
            {agent.output_schema
              ? 'Until you choose a model, the sandbox answers with an example of the output schema.'
              : 'Until you choose a model, the sandbox answers with a summary of its input.'}
          </Text>
        </div>
      </Stack>
    </Panel>
  );
}
