function list(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Words that handles are made of. */
export const handleFirst =
  list(`amber autumn birch blue brass brisk bronze calm cedar chalk clear cloudy cobalt copper
  coral crisp dapper dark deep dusty early easy evening faded fast fern flat foggy fresh gentle golden granite gravel
  green grey happy hazel hidden hollow humble indigo ivory jolly keen late lazy light linen lively lone loose
  lucky lunar maple mellow merry misty modest morning mossy muddy neat nimble noble north oaken odd old olive open
  pale patient plain polar proud quick quiet rapid red river rocky rough round rusty sandy scarlet short silent silver
  slow small smooth snowy soft solar south spare steady steel stone sturdy summer sunny swift tall teal tidy
  topaz true umber upland velvet vivid warm wavy west white wild windy winter wise woolly`);

export const handleSecond =
  list(`acorn anchor apron axle badge baker barrel basil basket beacon bean bell bench bike
  bloom blossom bobbin border bottle bracket brew bridge broom brush bucket butter button cabin candle canvas caravan
  carrot chain chisel clover cobbler compost cork crank crema crumb crust cup cutter cyclist derailleur dial dough
  drill drum easel edger farmer fender fern filter flask flour forager forge fork frame fuchsia garden gear ginger
  grinder grove hammer handle harrow harvest hatch hedge helmet herb hinge hive hub jar kettle kiln knapsack ladder
  lantern latte lathe lavender leaf level lever loaf loom mallet mangle marrow meadow mill mint mocha moss mug nettle
  oat onion orchard oven paddle pedal peel perforation petal philatelist pickle pine planter plum postmark pot press
  pruner pump quill radish rake rambler rasp reed reel rider ridge rim roast rosemary rotor rye saddle sage sapling
  scone seed shed shovel sieve spade spanner spoke sprocket stamp starter stem stove sundial tandem teapot thistle
  thyme tiller tinker toast trellis trowel tulip turnip tyre valve vine wagon walnut watering weaver wheel whisk
  willow window woodbine wrench yarrow yeast`);

/** Mail hosts, all under .example (RFC 2606). */
export const mailHosts = list(`post.example mailbox.example webmail.example inbox.example letterbox.example
  proton.example freemail.example pigeon.example courier.example envelope.example mailhut.example parcel.example
  hometown.example fastpost.example quill.example brievenbus.example briefkasten.example courriel.example
  correo.example pochta.example poczta.example yubin.example barid.example`);
