/** The order of a field's parts, with its description below the input: so inputs in a row are in line. */
export const HELP_BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];
