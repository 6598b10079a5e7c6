import type { SignatureConfigOf, SignatureScheme } from '@agenthook/contracts';
import { adyen } from './by-name/adyen.js';
import { alertmanager } from './by-name/alertmanager.js';
import { asana } from './by-name/asana.js';
import { azureDevops } from './by-name/azure-devops.js';
import { bitbucket } from './by-name/bitbucket.js';
import { braintree } from './by-name/braintree.js';
import { buildkite } from './by-name/buildkite.js';
import { calcom } from './by-name/calcom.js';
import { calendly } from './by-name/calendly.js';
import { circleci } from './by-name/circleci.js';
import { clickup } from './by-name/clickup.js';
import { close } from './by-name/close.js';
import { cloudflare } from './by-name/cloudflare.js';
import { coinbaseCommerce } from './by-name/coinbase-commerce.js';
import { contentful } from './by-name/contentful.js';
import { customerio } from './by-name/customerio.js';
import { discord } from './by-name/discord.js';
import { docusign } from './by-name/docusign.js';
import { dropbox } from './by-name/dropbox.js';
import { dropboxSign } from './by-name/dropbox-sign.js';
import { eventgrid } from './by-name/eventgrid.js';
import { figma } from './by-name/figma.js';
import { front } from './by-name/front.js';
import { ghost } from './by-name/ghost.js';
import { gitea } from './by-name/gitea.js';
import { github } from './by-name/github.js';
import { gitlab } from './by-name/gitlab.js';
import { googlePush } from './by-name/google-push.js';
import { grafana } from './by-name/grafana.js';
import { graph } from './by-name/graph.js';
import { helpscout } from './by-name/helpscout.js';
import { hubspot } from './by-name/hubspot.js';
import { intercom } from './by-name/intercom.js';
import { jira } from './by-name/jira.js';
import { kofi } from './by-name/kofi.js';
import { lark } from './by-name/lark.js';
import { lemonsqueezy } from './by-name/lemonsqueezy.js';
import { line } from './by-name/line.js';
import { linear } from './by-name/linear.js';
import { mailgun } from './by-name/mailgun.js';
import { mandrill } from './by-name/mandrill.js';
import { mattermost } from './by-name/mattermost.js';
import { meta } from './by-name/meta.js';
import { mollie } from './by-name/mollie.js';
import { monday } from './by-name/monday.js';
import { netlify } from './by-name/netlify.js';
import { notion } from './by-name/notion.js';
import { nylas } from './by-name/nylas.js';
import { okta } from './by-name/okta.js';
import { paddle } from './by-name/paddle.js';
import { pagerduty } from './by-name/pagerduty.js';
import { plivo } from './by-name/plivo.js';
import { postmark } from './by-name/postmark.js';
import { pusher } from './by-name/pusher.js';
import { razorpay } from './by-name/razorpay.js';
import { recurly } from './by-name/recurly.js';
import { rocketchat } from './by-name/rocketchat.js';
import { salesforce } from './by-name/salesforce.js';
import { sanity } from './by-name/sanity.js';
import { segment } from './by-name/segment.js';
import { sendgrid } from './by-name/sendgrid.js';
import { sentry } from './by-name/sentry.js';
import { shopify } from './by-name/shopify.js';
import { slack } from './by-name/slack.js';
import { sns } from './by-name/sns.js';
import { square } from './by-name/square.js';
import { standardWebhooks } from './by-name/standard-webhooks.js';
import { strava } from './by-name/strava.js';
import { stripe } from './by-name/stripe.js';
import { supabase } from './by-name/supabase.js';
import { svix } from './by-name/svix.js';
import { teams } from './by-name/teams.js';
import { telegram } from './by-name/telegram.js';
import { telnyx } from './by-name/telnyx.js';
import { trello } from './by-name/trello.js';
import { twilio } from './by-name/twilio.js';
import { twitch } from './by-name/twitch.js';
import { typeform } from './by-name/typeform.js';
import { vercel } from './by-name/vercel.js';
import { vonage } from './by-name/vonage.js';
import { webflow } from './by-name/webflow.js';
import { wechat } from './by-name/wechat.js';
import { wise } from './by-name/wise.js';
import { woocommerce } from './by-name/woocommerce.js';
import { xero } from './by-name/xero.js';
import { zendesk } from './by-name/zendesk.js';
import { zoom } from './by-name/zoom.js';
import { zulip } from './by-name/zulip.js';
import { custom } from './generic/custom.js';
import { hmac } from './generic/hmac.js';
import { ecdsa, ed25519, rsa } from './generic/public-key.js';
import { token } from './generic/token.js';
import type { Scheme } from './scheme.js';

/** Every sender, each in a file of its own. The order is that of the docs and of the Studio. */
const SCHEMES: { [S in SignatureScheme]: Scheme<SignatureConfigOf<S>> } = {
  adyen,
  alertmanager,
  asana,
  'azure-devops': azureDevops,
  bitbucket,
  braintree,
  buildkite,
  calcom,
  calendly,
  circleci,
  clickup,
  close,
  cloudflare,
  'coinbase-commerce': coinbaseCommerce,
  contentful,
  customerio,
  discord,
  docusign,
  dropbox,
  'dropbox-sign': dropboxSign,
  eventgrid,
  figma,
  front,
  ghost,
  gitea,
  github,
  gitlab,
  'google-push': googlePush,
  grafana,
  graph,
  helpscout,
  hubspot,
  intercom,
  jira,
  kofi,
  lark,
  lemonsqueezy,
  line,
  linear,
  mailgun,
  mandrill,
  mattermost,
  meta,
  mollie,
  monday,
  netlify,
  notion,
  nylas,
  okta,
  paddle,
  pagerduty,
  plivo,
  postmark,
  pusher,
  razorpay,
  recurly,
  rocketchat,
  salesforce,
  sanity,
  segment,
  sendgrid,
  sentry,
  shopify,
  slack,
  sns,
  square,
  'standard-webhooks': standardWebhooks,
  strava,
  stripe,
  supabase,
  svix,
  teams,
  telegram,
  telnyx,
  trello,
  twilio,
  twitch,
  typeform,
  vercel,
  vonage,
  webflow,
  wechat,
  wise,
  woocommerce,
  xero,
  zendesk,
  zoom,
  zulip,
  hmac,
  token,
  ed25519,
  ecdsa,
  rsa,
  custom,
};

/** The scheme that an agent's signature names. */
export const schemeOf = ({ scheme }: { scheme: SignatureScheme }): Scheme => SCHEMES[scheme] as Scheme;

/** The payload properties that any scheme reads. */
export const READ_PROPERTIES = [...new Set(Object.values(SCHEMES).flatMap(({ reads = [] }) => reads))];
