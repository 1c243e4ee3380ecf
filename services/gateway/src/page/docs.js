// Swagger UI on the document that the page names; whoever has logged in on the first page is logged in here too.
const place = document.getElementById('swagger-ui');
const ui = window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  docExpansion: 'list',
  deepLinking: true,
  tryItOutEnabled: true,
  // Colours of a long answer keep the page busy for many seconds.
  syntaxHighlight: { activated: false },
  onComplete: () => {
    const session = JSON.parse(sessionStorage.getItem('vindima') ?? 'null');
    if (session !== null) ui.preauthorizeApiKey('bearer', session.access_token);
  },
});
