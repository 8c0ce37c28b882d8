import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { siteJsonSchemaText } from '../core/site/json-schema.ts';

/** `npm run schema`: writes docs/site.schema.json anew from the schema in core/site. */
const target = fileURLToPath(new URL('../docs/site.schema.json', import.meta.url));
writeFileSync(target, siteJsonSchemaText());
console.log('Written: docs/site.schema.json');
