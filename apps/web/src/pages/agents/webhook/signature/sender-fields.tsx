import { Fieldset, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { type Field, fieldsOf, type Values } from './sender-values.js';

interface SenderFieldsProps {
  fields: Field[];
  values: Values;
  readOnly: boolean;
  onChange: (values: Values) => void;
}

/** The inputs of a sender that are no secrets, made from its schema. */
export function SenderFields({ fields, values, readOnly, onChange }: SenderFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {fields.map((field) => (
        <SenderField
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          readOnly={readOnly}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </SimpleGrid>
  );
}

interface SenderFieldProps {
  field: Field;
  value: Values[string];
  readOnly: boolean;
  onChange: (value: Values[string]) => void;
}

function SenderField({ field, value, readOnly, onChange }: SenderFieldProps) {
  const { label, kind, schema, isRequired } = field;
  const common = { label, description: schema.description, required: isRequired, readOnly };
  const preset = schema.default === undefined ? '' : String(schema.default);
  switch (kind) {
    case 'group':
      return (
        <Fieldset legend={label} style={{ gridColumn: '1 / -1' }}>
          <SenderFields
            fields={fieldsOf(schema)}
            values={typeof value === 'object' ? value : {}}
            readOnly={readOnly}
            onChange={onChange}
          />
        </Fieldset>
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={schema.enum ?? []}
          placeholder={preset}
          clearable={!isRequired && preset === ''}
          allowDeselect={false}
          value={value === '' ? null : String(value)}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
          {...(schema.maximum === undefined ? {} : { max: schema.maximum })}
          allowDecimal={false}
          value={typeof value === 'object' ? '' : value}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          placeholder={preset}
          spellCheck={false}
          value={String(value)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
  }
}
