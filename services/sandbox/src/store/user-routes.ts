import type { App } from '@vindima/service-kit';
import { missing, StoreRefusal, unauthorized } from './errors.ts';
import { check, fieldsOf, idOf, isUrl, text } from './fields.ts';
import type { StoreState } from './state.ts';
import type { Tokens } from './tokens.ts';

const seededUsers = 3;

/** Users and their tokens: 201 on login, `refreshToken` in camel case, passwords in plain text, addresses not unique. */
export const userRoutes = (app: App, state: StoreState, tokens: Tokens) => {
  app.post('/auth/login', (request, reply) => {
    const { email, password } = fieldsOf(request.body);
    const user = state.users().find((candidate) => candidate.email === email && candidate.password === password);
    if (user === undefined) throw unauthorized();
    return reply.code(201).send(tokens.issue(user));
  });
  app.get('/auth/profile', (request) => {
    const user = tokens.userOfAccess(request.headers.authorization);
    if (user === undefined) throw unauthorized();
    return user;
  });
  app.post('/auth/refresh-token', (request, reply) => {
    const { refreshToken } = fieldsOf(request.body);
    check(text(refreshToken) === '' && 'refreshToken should not be empty');
    const user = tokens.userOfRefresh(text(refreshToken));
    if (user === undefined) throw new StoreRefusal(401, { message: 'Invalid', error: 'Unauthorized', statusCode: 401 });
    return reply.code(201).send(tokens.issue(user));
  });

  app.get('/users', () => state.users());
  app.get('/users/:id', (request) => byId(request.url, idOf(request.params)));
  app.post('/users', (request, reply) => {
    const { name, email, password, avatar, role } = fieldsOf(request.body);
    check(
      text(name) === '' && 'name should not be empty',
      !/^\S+@\S+$/.test(text(email)) && 'email must be an email',
      text(password).length < 4 && 'password must be longer than or equal to 4 characters',
      !/^[a-z0-9]*$/i.test(text(password)) && 'password must contain only letters and numbers',
      !isUrl(avatar) && 'avatar must be a URL address',
    );
    const user = { name: text(name), email: text(email), password: text(password), avatar: text(avatar) };
    return reply.code(201).send(state.addUser({ ...user, role: role === 'admin' ? 'admin' : 'customer' }));
  });
  // The real store compares null with undefined here: nothing is ever available.
  app.post('/users/is-available', (_request, reply) => reply.code(201).send({ isAvailable: false }));
  app.delete('/users/:id', (request, reply) => {
    const { id } = byId(request.url, idOf(request.params));
    if (id <= seededUsers) {
      const message = 'This user is not available for updating; instead, create your own user to update.';
      throw new StoreRefusal(401, { message, error: 'Unauthorized', statusCode: 401 });
    }
    state.removeUser(id);
    return reply.type('application/json').send('true');
  });

  const byId = (path: string, id: number) => {
    const user = state.users().find((candidate) => candidate.id === id);
    if (user === undefined) throw missing(path, 'User', { id });
    return user;
  };
};
