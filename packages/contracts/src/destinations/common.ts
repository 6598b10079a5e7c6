import { type TProperties, Type } from '@sinclair/typebox';
import { StringEnum } from '../shapes.js';
import { ToolSecrets } from '../tool-fields.js';

/** The ends of a task that a destination can be for. */
export const DESTINATION_ENDS = ['success', 'failure'] as const;
export type DestinationEnd = (typeof DESTINATION_ENDS)[number];

/** How many destinations an agent may have. */
export const MAX_DESTINATIONS = 10;
/** How often tasks may be made from the ends of tasks, one after another. */
export const MAX_RELAYS = 4;

const common = {
  name: Type.Optional(
    Type.String({
      pattern: '^[a-zA-Z][a-zA-Z0-9_-]{0,63}$',
      description: 'Unique among the destinations of the agent. Default: the type.',
    }),
  ),
  on: Type.Optional(
    Type.Array(StringEnum(DESTINATION_ENDS), {
      minItems: 1,
      uniqueItems: true,
      description: 'Which ends go there: `success`, `failure`. Default: both.',
    }),
  ),
  secrets: Type.Optional(ToolSecrets),
};

/** A template of where something goes. It has no `result`, which a model wrote. */
export const AddressTemplate = (description: string, maxLength = 1_000) =>
  Type.String({
    minLength: 1,
    maxLength,
    description: `LiquidJS template. ${description} Variables: payload, headers, query, agent, task.`,
  });

/** A template of what is sent. */
export const ContentTemplate = (description: string) =>
  Type.String({
    maxLength: 100_000,
    description: `LiquidJS template. ${description} Variables: payload, headers, query, agent, task, result.`,
  });

/** The URL of a service, for an installation of one's own. */
export const BaseUrl = (preset: string) =>
  Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2_000, description: `Default: ${preset}.` }));

/** The schema of one type of destination: the common fields and its own. */
export const destinationSchema = <const T extends string, P extends TProperties>(
  type: T,
  title: string,
  description: string,
  own: P,
) =>
  Type.Object(
    { type: Type.Literal(type), ...common, ...own },
    { title, description, additionalProperties: false },
  );
