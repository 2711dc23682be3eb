/**
 * Words by which people write a selector down so that no program should find it, and by which they offer one.
 * Lower case; alternatives of regular expressions. Adding a language is adding words here, and sentences to
 * test/footprint/given-sentences.ts.
 */

/** "at", spoken. */
export const atWords = [
  'at',
  'ät',
  'arobase',
  'arrobase',
  'arroba',
  'arrova',
  'chiocciola',
  'klammeraffe',
  'apenstaartje',
  'małpa',
  'malpa',
  'snabel-a',
  'snabela',
  'krøllalfa',
  'zavináč',
  'zavinac',
  'kukac',
  'et işareti',
  'собака',
  'собачка',
  'эт',
  'равлик',
  'アットマーク',
  'アット',
];

/** "dot", spoken. */
export const dotWords = [
  'dot',
  'punkt',
  'punt',
  'point',
  'punto',
  'ponto',
  'kropka',
  'prick',
  'piste',
  'tečka',
  'tecka',
  'nokta',
  'точка',
  'тчк',
  'крапка',
  'ドット',
  'نقطة',
];

/** What joins a domain and a path, spoken. */
export const slashWords = ['slash', 'schrägstrich', 'barre', 'barra', 'kauttaviiva', 'слэш', 'слеш'];

/**
 * Words that offer a way to reach the writer, as beginnings of words: verbs with "me" built in or near, in
 * the languages of Europe and some beyond.
 */
const cueStems = [
  // English
  '(?:write|message|mail|e-mail|email|text|msg|pm|dm|ping|reach|contact|find|add|hit|catch|call|ring|phone|drop|get|meet|talk to|chat with|send)(?: it| them| that| this| to| back| word)* ?(?:to )?(?:me|us)\\b',
  '(?:i am|i.m|you find me|reach me|talk|chat|continue|carry on|go on|move|switch|meet)(?: there| over)? (?:on|at|under|as|via|over to|to)\\b',
  'my (?:\\p{L}+[ -]){0,2}(?:mail|e-mail|email|address|addy|number|cell|mobile|phone|tel|nick|nickname|handle|user ?name|id|account|login|profile|tag)\\b',
  'please use\\b',
  'use this\\b',
  '(?:over )?there ?:',
  // German
  'schreib(?:e|t)?(?: \\p{L}+){0,2} ?(?:mir|uns|mal)\\b',
  'erreich\\p{L}*',
  'meld(?:e|et)? (?:dich|euch)',
  'meine? (?:\\p{L}+ )?(?:mail|e-mail|adresse|nummer|handynummer|nick|kontakt)\\p{L}*',
  'füge? mich',
  '(?:find|ruf|kontaktier)(?:e|est|st|t)? (?:du )?mich',
  'dorthin|dort ?:',
  // French
  '[ée]cri(?:s|vez|re)[- ](?:moi|nous)',
  '(?:contacte|joins|joindre|appelle|ajoute|trouve|rejoins)[sz]?[- ](?:moi|nous)',
  "(?:me|m')\\s?(?:joindre|contacter|écrire|trouver|ajouter)",
  'mon (?:\\p{L}+ )?(?:mail|e-mail|adresse|numéro|pseudo|contact|compte)',
  'mon adresse',
  'là-bas ?:',
  // Spanish, Portuguese, Italian
  'escr[íi]b(?:e|eme|anme|enos|irme|a)\\p{L}*',
  '(?:cont[áa]cta|ll[áa]ma|agr[ée]ga|encu[ée]ntra|m[áa]nda|env[íi]a|b[úu]sca)(?:me|nos|rme)',
  '(?:mi|meu|minha|mio|mia) (?:\\p{L}+ )?(?:correo|mail|e-mail|email|direcci[óo]n|n[úu]mero|tel[ée]fono|usuario|cuenta|endere[çc]o|telefone|conta|indirizzo|numero|nick|contatto)',
  'all[íi] ?:',
  '(?:escrev|contat|adicion|cham|mand)\\p{L}*[- ]me\\b',
  '(?:scriv|contatt|aggiung|trov|chiam|mand)[aei]?(?:mi|ci)\\b',
  'lì ?:',
  // Dutch
  '(?:schrijf|mail|bericht|app|bel|stuur|bereik|vind|voeg)(?:t)? (?:je )?(?:mij|me|ons)\\b',
  '(?:ben|te) (?:\\p{L}+ )?bereik\\p{L}*',
  'mijn (?:\\p{L}+ )?(?:mail|e-mail|adres|nummer|naam|nick|account)\\p{L}*',
  'daar ?:',
  // Polish, Czech
  '(?:na)?pisz(?:cie)?\\b',
  '(?:skontaktuj|odezwij) się',
  'dodaj mnie',
  'm[óo]j (?:\\p{L}+ )?(?:mail|e-mail|adres|numer|nick|kontakt)',
  'napi[šs]\\p{L}*',
  // Russian, Ukrainian
  '(?:на|от)?пиши\\p{L}*',
  'свяж\\p{L}*',
  'стучи\\p{L}*',
  'добав\\p{L}* меня',
  '(?:мой|моя) (?:\\p{L}+ )?(?:почта|адрес|номер|ник|телефон|мейл|имейл|контакт)',
  // Nordic, Finnish, Turkish
  'skriv(?:a)? (?:\\p{L}+ )?(?:till?|på) (?:mig|meg|mej)',
  '(?:kontakta|nå|ring) mig',
  'min (?:\\p{L}+ )?(?:mejl|e-post|adress|nummer)',
  'kirjoita',
  '(?:bana|beni) (?:\\p{L}+ )?(?:yaz|ulaş|ekle|ara)\\p{L}*',
  // Japanese, Chinese, Korean, Arabic
  'こちら',
  '連絡',
  '联系我',
  '加我',
  '연락',
  'اكتب(?: \\p{L}+)?',
  'راسل\\p{L}*',
  'تواصل\\p{L}*',
];

export const cuePattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${cueStems.join('|')})`, 'iu');

/** The address is somebody else's: a third person's, a shop's. */
export const thirdPerson =
  /(?<![\p{L}\p{N}])(?:(?:write|mail|email|contact|reach|ask|call|ring|phone)(?: to)? (?:him|her|them|the|their|support|customer)|(?:his|her|their|its|the \p{L}+'s|the (?:shop|club|seller|office|company|band|list)\p{L}*) (?:\p{L}+ )?(?:mail|e-mail|email|address|number|phone|contact|nick|handle)|(?:schreib|frag)\p{L}* (?:ihm|ihr|ihnen|ihn)|(?:seine?|ihre?) (?:mail|adresse|nummer)|(?:son|leur) (?:mail|adresse|numéro)|su (?:correo|número))/iu;

/** A word in front of the local part that makes it a common noun: "the recipe at ...". */
export const determiner =
  /(?<![\p{L}\p{N}])(?:the|a|an|this|that|these|those|some|any|every|each|my|our|your|his|her|their|its|one|two|new|old|good|big|small|more|no|all|der|die|das|den|dem|ein|eine|einen|im|le|la|les|un|une|el|los|las|una|il|lo|gli|het|een|de|o|os|as|um|uma)$/iu;

/** Words that are no local part and no handle, however the sentence runs. */
export const commonWords = new Set(
  `me it us you him her them we they i he she that this here there one ones all now then home work school once
  least last first best most more less time times night noon once look looks looked looking meet meets met see saw
  seen stop stopped start started arrive arrived stay stayed live lives lived buy bought order ordered sold sale
  sell shop shops store price prices discount offer offers available found find finds book booked page site info
  thing things stuff article recipe photo photos picture pictures video topic thread post posts list mail email
  address number phone contact everyone everybody anybody someone people guys guy friend is are was were be been
  am and or but if so to in on of for from with by as up out down off over under via not no yes ok okay thanks
  please down dead great good fine better best nice cool bad new old free open closed online offline broken slow fast easy
  and then also just only even still not very too quite rather where when what who how why which while because
  since until after before during the a an my your our their its his user users name id handle nick account app
  group channel server chat message messages sie ich du er wir ihr uns mir dir und oder nicht auch nur mal bei
  moi toi lui nous vous et ou pas pour avec sur dans yo tú él nosotros para con por en ik jij hij wij jullie ook
  niet voor met`.split(/\s+/),
);

/** Digits, spoken, in the languages that do not contradict each other. */
export const digitWords: ReadonlyMap<string, string> = new Map(
  [
    'zero oh nought null zéro cero nul nula ноль нуль',
    'one eins un uno een één jeden один',
    'two zwei zwo deux dos twee due dwa два',
    'three drei trois tres drie tre trzy три',
    'four vier quatre cuatro quattro cztery четыре',
    'five fünf cinq cinco vijf cinque pięć пять',
    'six sechs seis zes sei sześć шесть',
    'seven sieben sept siete zeven sette siedem семь',
    'eight acht huit ocho otto osiem восемь',
    'nine neun neuf nueve negen nove dziewięć девять',
  ].flatMap((words, digit) => words.split(' ').map((word) => [word, String(digit)] as const)),
);

/** Letters of other scripts that are drawn like a Latin one (a part of UTS 39's confusables). For comparing only. */
export const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аɑα',
    b: 'ьƅ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еёє℮',
    g: 'ɡ',
    h: 'һ',
    i: 'іιı',
    j: 'ј',
    k: 'кκ',
    l: 'ӏ',
    m: 'м',
    n: 'ո',
    o: 'оοօ',
    p: 'рρ',
    q: 'ԛ',
    r: 'г',
    s: 'ѕ',
    t: 'тτ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝ',
    x: 'хχ',
    y: 'уγ',
    A: 'АΑ',
    B: 'ВΒ',
    C: 'С',
    E: 'ЕΕ',
    H: 'НΗ',
    I: 'ІΙ',
    J: 'Ј',
    K: 'КΚ',
    M: 'МΜ',
    N: 'Ν',
    O: 'ОΟ',
    P: 'РΡ',
    S: 'Ѕ',
    T: 'ТΤ',
    X: 'ХΧ',
    Y: 'УΥ',
    Z: 'Ζ',
  }).flatMap(([latin, others]) => [...others].map((letter) => [letter, latin] as const)),
);

/**
 * Last labels of domains that a spelled-out or broken address may end in: every country's, and the common
 * others. A plainly written address may end in any.
 */
export const knownEndings = new Set(
  `ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
  cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge
  gf gg gh gi gl gm gn gp gq gr gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki
  km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx
  my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc
  sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us
  uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw com org net edu gov mil int info biz name pro mobi asia cat jobs
  tel travel app dev xyz online site club shop store blog live life world email mail chat social cloud link page
  space tech top vip win work zone onion example test invalid local рф укр`.split(/\s+/),
);

/** What the search for given selectors depends on besides code: a generation names it among its inputs. */
export const givenConfiguration = {
  at: atWords,
  dot: dotWords,
  slash: slashWords,
  cues: cuePattern.source,
  others: thirdPerson.source,
  common: [...commonWords],
  digits: [...digitWords],
  lookAlikes: [...lookAlikes],
  endings: [...knownEndings],
};
