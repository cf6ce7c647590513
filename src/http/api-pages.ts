import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { apiDocument } from './api-document.js';
import type { TriedRequest } from './document-examples.js';
import { PROBLEM_PAGES } from './problem-body.js';

/** Swagger shows no tag without operations, so the page adds the table of codes below them. */
const CODES_BELOW = `
addEventListener('load', async () => {
  const page = await (await fetch('${PROBLEM_PAGES}')).text();
  const table = new DOMParser().parseFromString(page, 'text/html').querySelector('table');
  const section = document.createElement('section');
  section.className = 'swagger-ui';
  section.innerHTML = '<div class="wrapper problem-codes"><h2>Problem codes</h2></div>';
  if (table) section.firstChild.append(table);
  document.body.append(section);
});`;
const STYLE = `
.swagger-ui .topbar { display: none }
.problem-codes { padding-bottom: 4rem; font-family: sans-serif; color: #3b4151 }
.problem-codes th, .problem-codes td { text-align: left; padding: .3rem 1rem .3rem 0 }`;

/** Mounts the API's pages at /docs, and its document at /docs/openapi.json. */
export function mountApiPages(app: INestApplication, tried?: TriedRequest): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, tried), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Holdfast API',
    customCss: STYLE,
    customJsStr: CODES_BELOW,
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}
