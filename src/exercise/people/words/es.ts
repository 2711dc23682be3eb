import { bars, type Lexicon, lines } from './lexicon.ts';

export const es: Lexicon = {
  slots: {
    pieza:
      bars(`la cadena | la rueda delantera | la rueda trasera | el sillín | el pedalier | el cable de freno |
      el buje | el guardabarros | el cambio | la llanta`),
    cafe: bars(`los granos de Etiopía | el tueste oscuro | la mezcla de la casa | un café suave`),
    planta: bars(
      `los tomates | las judías | el ruibarbo | los calabacines | los puerros | las dalias | el ajo`,
    ),
    sello: bars(`una serie de faros | un álbum del desván | un sobre de primer día | la serie aérea`),
    pan: bars(`el pan de masa madre | el pan de centeno | la hogaza | las barras | el pan integral`),
    util: bars(`unas tijeras de podar | una llave de radios | un molinillo | una regadera | una lupa`),
    cuando: bars(
      `el fin de semana pasado | esta mañana | en marzo | después de la lluvia | el domingo | ayer`,
    ),
    lugar: bars(`junto al canal | en el huerto | en el mercado | en el cobertizo | en la fiesta del pueblo`),
    como: bars(
      `más silencioso | mucho mejor | un poco flojo | demasiado amargo | bastante seco | muy equilibrado`,
    ),
  },
  titles: lines(`
    ¿Qué herramienta: {util}?
    Ruido en la bici: {pieza}
    {planta} en un jardín pequeño
    ¿Quién conoce {sello}?
    Pregunta sobre {cafe}
    Vuestra receta para {pan}`),
  sentences: lines(`
    Cambié {pieza} {cuando} y ahora va {como}.
    ¿Alguien ha probado {cafe}?
    Plantamos {planta} {cuando}, {lugar}.
    Para {pan} dejo reposar la masa una noche.
    Mi vecino me dio {sello} y no encuentro el año.
    Con {util} es más fácil.
    La segunda vez quedó {como}.
    Gracias, mi tío decía lo mismo.
    Una gota de aceite en {pieza} ayuda mucho.
    No estoy de acuerdo, lo barato salió {como}.
    ¿Puedes poner una foto?
    {planta} y {planta} van bien juntos aquí.
    El agua es dura, así que el café queda {como}.
    Esta noche mido {pieza} y escribo otra vez.
    Guarda {sello} en seco, lejos del sol.`),
  greetings: bars(`Hola a todos, | Buenas noches, | Hola, | Buenas,`),
  closings: bars(`Saludos | Un saludo | Gracias de antemano | Hasta pronto`),
  handOffs: lines(`
    Esto se hace largo, mejor escríbeme a {selector}.
    La ruta te la mando allí: {selector}`),
  agreements: lines(`
    Gracias, te escribo esta noche.
    Buena idea, allí te cuento.`),
  slips: [
    ['más', 'mas'],
    ['también', 'tambien'],
    ['que', 'q'],
    ['porque', 'xq'],
    ['está', 'esta'],
  ],
};
