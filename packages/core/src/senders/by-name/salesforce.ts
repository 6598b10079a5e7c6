import type { SignatureConfigOf } from '@agenthook/contracts';
import type { Scheme } from '../scheme.js';

const ACK =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>';

/**
 * Salesforce: outbound messages.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm
 *
 * A message is SOAP, so the payload is its XML. Salesforce repeats for 24 hours what is not answered with an
 * Ack. It does not sign.
 */
export const salesforce: Scheme<SignatureConfigOf<'salesforce'>> = {
  docs: 'https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm',
  steps: [
    'Setup → Workflow Actions → Outbound Messages → New Outbound Message, with the object and its fields.',
    'Endpoint URL: the webhook URL. It is the only credential: treat it like a password. Leave Send Session ID off.',
    'Add the message to a flow or a workflow rule.',
  ],
  sample: {
    contentType: 'text/xml; charset=utf-8',
    body:
      '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
      '<soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">' +
      '<OrganizationId>00D000000000001EAA</OrganizationId><Notification><Id>04l000000000001AAA</Id>' +
      '<sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com" ' +
      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><sf:Id>00Q000000000001AAA</sf:Id>' +
      '<sf:LastName>Zoë</sf:LastName></sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>',
  },
  deliveryId: ({ payload }) => {
    const ids = typeof payload === 'string' ? payload.split(/<Notification>\s*<Id>/, 3) : [];
    return ids.length === 2 ? /^\w{15,18}(?=<)/.exec(ids[1] ?? '')?.[0] : undefined;
  },
  answer: () => ({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: ACK }),
};
