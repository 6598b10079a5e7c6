import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Scheme } from './presets.js';
import { type FormValues, signsTime } from './signature-values.js';

interface HmacFieldsProps {
  scheme: Scheme;
  form: UseFormReturnType<FormValues>;
  readOnly: boolean;
}

/** The extra fields of a scheme: many for a custom HMAC, the tolerance for schemes that sign the time. */
export function HmacFields({ scheme, form, readOnly }: HmacFieldsProps) {
  const { values } = form;
  const getInputProps = (name: keyof FormValues) => ({ readOnly, ...form.getInputProps(name) });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {scheme === 'hmac' && (
        <>
          <TextInput
            label="Signature header"
            placeholder="X-Signature"
            required
            {...getInputProps('header')}
          />
          <TextInput
            label="Prefix"
            placeholder="sha256="
            description="The text before the signature"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...getInputProps('prefix')}
          />
          <Select
            label="Algorithm"
            data={['sha256', 'sha512', 'sha1']}
            allowDeselect={false}
            {...getInputProps('algorithm')}
          />
          <Select
            label="Encoding"
            data={['hex', 'base64']}
            allowDeselect={false}
            {...getInputProps('encoding')}
          />
          <TextInput label="Timestamp header" placeholder="none" {...getInputProps('timestamp_header')} />
          <TextInput label="Delivery id header" placeholder="none" {...getInputProps('id_header')} />
          <TextInput
            label="Signed text"
            placeholder={values.timestamp_header === '' ? '{body}' : '{timestamp}.{body}'}
            {...getInputProps('content')}
          />
        </>
      )}
      {signsTime(scheme, values) && (
        <NumberInput
          label="Tolerance, in seconds"
          min={1}
          max={86_400}
          allowDecimal={false}
          {...getInputProps('tolerance_seconds')}
        />
      )}
    </SimpleGrid>
  );
}
