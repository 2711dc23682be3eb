import { bars, type Lexicon, lines } from './lexicon.ts';

export const en: Lexicon = {
  slots: {
    part: bars(`chain | front wheel | rear wheel | saddle | bottom bracket | brake cable | headset | hub | cassette |
      inner tube | mudguard | pannier rack | dynamo lamp | gear lever | spoke | rim | pedal | crank`),
    bean: bars(`Ethiopian beans | the dark roast | a washed Kenyan | the house blend | last week's roast | decaf |
      a light roast | the Sumatran | peaberry beans | the Guatemalan`),
    plant:
      bars(`tomatoes | runner beans | the old rose | rhubarb | seed potatoes | courgettes | the apple tree |
      sweet peas | leeks | the fig | dahlias | garlic | the gooseberries | chard`),
    stamp: bars(`a perforated penny stamp | the airmail set | an album from the attic | a first day cover |
      the lighthouse series | a misprinted pair | railway postmarks | the butterfly issue`),
    bread: bars(`sourdough | rye bread | flatbread | focaccia | seeded tin loaf | milk rolls | soda bread |
      wholemeal loaf | baguettes | malt loaf`),
    tool: bars(`torque wrench | spoke key | cone spanner | trowel | secateurs | bench scraper | hand grinder | tweezers |
      kettle | watering can | loupe | proving basket`),
    when: bars(`last weekend | this morning | in March | after the rain | on Sunday | in the evening | last year |
      before breakfast | over the holidays | yesterday | in early spring | during the frost`),
    place:
      bars(`the canal path | the allotment | the old market hall | my shed | the village fair | the coast road |
      the club room | the back garden | the hill above town | the corner cafe | a friend's kitchen`),
    quality:
      bars(`quieter | much smoother | a bit loose | surprisingly good | rather dry | too bitter | well balanced |
      slightly bent | easier to clean | not worth the price | better than before | hard to find | very light`),
    amount: bars(
      `a dozen | two or three | about twenty grams of | half a kilo of | one more | several | a handful of`,
    ),
    person:
      bars(`my neighbour | my uncle | the man at the shop | a friend from the club | my sister | our postman |
      the owner of the cafe`),
  },
  titles: lines(`
    Which {tool} would you buy again?
    Noise from the {part}
    {plant} in a small garden
    Trying {bean} for the first time
    My {bread} stays flat
    Help to identify {stamp}
    A trip to {place}
    Changing the {part} at home
    What to do about {plant} {when}
    Storing {bean}
    Swap: {stamp}
    Your best {bread}
    Is a new {part} worth it?
    Photos from {place}
    Small questions about the {tool}`),
  sentences: lines(`
    I changed the {part} {when} and it is {quality}.
    Has anyone here tried {bean} with a {tool}?
    The {part} on my old tourer was {quality}, so I took it to {place}.
    We planted {plant} {when} and they look {quality}.
    I would not use a {tool} for that, it gets {quality}.
    For {bread} I let the dough rest overnight.
    {person} gave me {stamp} and I still cannot date it.
    You need {amount} good quality parts before you start.
    Try it with {amount} flour and a little more water.
    Found {stamp} at {place} {when}.
    My {tool} broke {when}, what do you recommend?
    It depends on the weather, but {plant} can stand some shade.
    With {bean} I grind finer and the cup is {quality}.
    The crust of my {bread} is {quality} since I bought a stone.
    I rode from {place} to {place} {when} and the {part} held.
    Thanks, that is what {person} told me too.
    I disagree, the cheaper {tool} was {quality} for years.
    Please post a picture of the {part} when you have time.
    There is a long article about it in the club paper.
    {plant} and {plant} do well next to each other here.
    The water at {place} is hard, so the coffee comes out {quality}.
    Did you clean the {part} before you fitted the new one?
    I keep {stamp} in a dry box away from the sun.
    If the dough sticks, wet your hands and wait ten minutes.
    A drop of oil on the {part} does more than people think.
    {person} says {bread} is {quality} with rye from the mill.
    I could not find the size in the manual.
    From what I read the {part} should last two winters.
    From {place} it is an hour by bike.
    We had {amount} visitors at {place} {when}.
    The second attempt was {quality}.
    I weigh everything now, {amount} beans and a slow pour.
    Nothing grows under the walnut tree except {plant}.
    Does the {tool} come with a spare blade?
    I sold the old {part} at {place}.
    Good light there {when}, bring a flask.
    My {bread} was {quality}, next time less salt.
    The catalogue number of {stamp} is missing in my list.
    You can borrow my {tool} if you live near {place}.
    That sounds {quality} to me.
    I will measure the {part} tonight and write again.
    Keep the {tool} dry and it will outlive you.`),
  greetings: bars(`Hello all, | Hi, | Good evening, | Hello, | Morning all, | Hi there, | Dear all,`),
  closings: bars(
    `Regards | Cheers | Best wishes | Thanks in advance | All the best | Happy riding | Bye for now`,
  ),
  handOffs: lines(`
    This thread gets long, better write to me at {selector}.
    I can send you the route there: {selector}
    For the recipe please use {selector} from now on.
    My list of swaps is too big for here, you reach me under {selector}.`),
  agreements: lines(`
    Thanks, I will write to you there tonight.
    Noted, you will hear from me.
    Good idea, I will send the list over there.`),
  slips: [
    ['the', 'teh'],
    ['because', 'becuase'],
    ['weather', 'wether'],
    ['garden', 'gardern'],
    ['with', 'whit'],
    ['you', 'u'],
    ['please', 'pls'],
    ['and', '&'],
    ['would', 'woud'],
    ['before', 'befor'],
  ],
};
