import { apiRoute } from '@/server/runtime/api-route.ts';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('listAudits');
