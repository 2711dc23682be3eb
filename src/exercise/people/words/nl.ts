import { bars, type Lexicon, lines } from './lexicon.ts';

export const nl: Lexicon = {
  slots: {
    deel: bars(`ketting | voorwiel | achterwiel | zadel | trapas | remkabel | balhoofd | naaf | cassette | spatbord |
      bagagedrager | koplamp | spaak | velg`),
    koffie: bars(
      `Ethiopische bonen | de donkere branding | het huismerk | de lichte branding | bonen van vorige week`,
    ),
    plant: bars(
      `tomaten | stokbonen | rabarber | pootaardappelen | courgettes | prei | dahlia's | knoflook | aardbeien`,
    ),
    postzegel: bars(`een serie met molens | een eerstedagenvelop | een album van zolder | de luchtpostserie`),
    brood: bars(`desembrood | roggebrood | krentenbrood | volkorenbrood | stokbrood`),
    gereedschap: bars(`momentsleutel | spaaksleutel | snoeischaar | koffiemolen | gieter | pincet | loep`),
    wanneer: bars(`vorig weekend | vanmorgen | in maart | na de regen | op zondag | gisteren | vorig jaar`),
    plek: bars(
      `het jaagpad | de volkstuin | de markthal | mijn schuur | het dorpsfeest | de kustweg | het clubhuis`,
    ),
    hoe: bars(
      `stiller | veel soepeler | een beetje los | verrassend goed | nogal droog | te bitter | prima in orde`,
    ),
  },
  titles: lines(`
    Welke {gereedschap} is goed?
    Geluid uit de {deel}
    {plant} in een kleine tuin
    Mijn {brood} rijst niet
    Wie kent {postzegel}?
    Tocht langs {plek}
    Vraag over {koffie}`),
  sentences: lines(`
    Ik heb {wanneer} de {deel} vervangen en hij loopt nu {hoe}.
    Heeft iemand ervaring met {koffie}?
    Wij hebben {wanneer} {plant} geplant bij {plek}.
    Voor {brood} laat ik het deeg een nacht rusten.
    Mijn buurman gaf mij {postzegel} en ik kan het jaar niet vinden.
    De {gereedschap} ging {wanneer} kapot, wat raden jullie aan?
    Met {koffie} maal ik fijner en dan is het {hoe}.
    Van {plek} is het een uur fietsen.
    Dank je, dat zei mijn oom ook al.
    Een druppel olie op de {deel} helpt meer dan je denkt.
    Daar ben ik het niet mee eens, de goedkope {gereedschap} was {hoe}.
    Kun je een foto van de {deel} plaatsen?
    {plant} en {plant} doen het hier goed naast elkaar.
    Bewaar {postzegel} droog en uit de zon.
    De tweede keer was het {hoe}.
    Je mag mijn {gereedschap} wel lenen.
    Het water is hier hard, dus de koffie wordt {hoe}.
    Vanavond meet ik de {deel} op en dan schrijf ik weer.`),
  greetings: bars(`Hallo allemaal, | Hoi, | Goedenavond, | Dag allen,`),
  closings: bars(`Groeten | Met vriendelijke groet | Alvast bedankt | Tot ziens`),
  handOffs: lines(`
    Dit wordt lang, schrijf mij liever op {selector}.
    De route stuur ik je daar: {selector}`),
  agreements: lines(`
    Bedankt, ik schrijf je daar vanavond.
    Goed idee, je hoort van mij.`),
  slips: [
    ['niet', 'nie'],
    ['een', 'n'],
    ['goed', 'goet'],
    ['ik', 'k'],
    ['vorig', 'vorige'],
  ],
};
