import { describeNginxAccepts } from '../support/kernel/nginx-accepts.ts';

describeNginxAccepts(500);
