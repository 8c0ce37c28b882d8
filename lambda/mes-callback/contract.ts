/** The id of the site whose API it is: paths of other sites are refused. */
export const SITE_ID_ENV = 'SITE_ID';
/** The table of requests and orders. */
export const TABLE_NAME_ENV = 'TABLE_NAME';

/**
 * The table: one item an id, found by the id alone, so that two writers of the same id meet. Access patterns:
 *
 * | to find | by |
 * |---|---|
 * | a request, for `GET /requests/{requestId}` | `id` = `request#<requestId>` |
 * | whether an idempotency key was used, by whom and with which body | `id` = `key#<sender>#<key>`; holds the request's id and the body's SHA-256 |
 * | an order as the hub confirmed it last, with its version | `id` = `order#<orderId>` |
 * | requests that the hub has not confirmed, oldest first, to hand them over again | index {@link AWAITING_HUB_INDEX} |
 *
 * A request and its key are written in one transaction, both only if they do not exist. Requests and keys end by
 * {@link EXPIRY_ATTRIBUTE} some time after the hub decided; orders stay.
 */
export const ID_ATTRIBUTE = 'id';
/** When DynamoDB may delete the item, seconds since 1970; orders and undecided requests have none. */
export const EXPIRY_ATTRIBUTE = 'expiresAtSeconds';

/** The sparse index of requests that the hub has not confirmed. */
export const AWAITING_HUB_INDEX = 'awaiting-hub';
/** Its partition: the site's id, and only while the request is not confirmed. */
export const AWAITING_HUB_ATTRIBUTE = 'awaitingHub';
/** Its order: ISO 8601, UTC. */
export const TAKEN_AT_ATTRIBUTE = 'takenAt';

/** The item of a request. */
export const requestItemId = (requestId: string): string => `request#${requestId}`;
/** The item of an idempotency key; senders do not see each other's keys. */
export const keyItemId = (sender: string, key: string): string => `key#${sender}#${key}`;
/** The item of an order. */
export const orderItemId = (orderId: string): string => `order#${orderId}`;
