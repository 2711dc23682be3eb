// Reads a Waymark ledger with golang.org/x/mod/sumdb alone: opens the checkpoint, authenticates every entry
// against the tiles, proves one entry and that the ledger extends an earlier checkpoint.
//
//	go run . <ledger folder> <verification key> <earlier checkpoint>
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type reader struct{ dir string }

func (r reader) Height() int { return 8 }

// pathOf is the path of a tile as C2SP tlog-tiles writes it; level -1 holds the entries.
func pathOf(t tlog.Tile) string {
	n := t.N
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	p := fmt.Sprintf("tile/%d/%s", t.L, s)
	if t.L == -1 {
		p = "tile/entries/" + s
	}
	if t.W != 256 {
		p += fmt.Sprintf(".p/%d", t.W)
	}
	return p
}

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		b, err := os.ReadFile(filepath.Join(r.dir, pathOf(t)))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open(file string, v note.Verifier) tlog.Tree {
	b, err := os.ReadFile(file)
	must(err)
	n, err := note.Open(b, note.VerifierList(v))
	must(err)
	var origin, root string
	var size int64
	_, err = fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &origin, &size, &root)
	must(err)
	h, err := tlog.ParseHash(root)
	must(err)
	return tlog.Tree{N: size, Hash: h}
}

// authenticate compares every entry with a leaf hash that the signed root vouches for.
func authenticate(dir string, tree tlog.Tree, hashes tlog.HashReader) int64 {
	count := int64(0)
	for n := int64(0); n*256 < tree.N; n++ {
		w := min(tree.N-n*256, 256)
		b, err := os.ReadFile(filepath.Join(dir, pathOf(tlog.Tile{H: 8, L: -1, N: n, W: int(w)})))
		must(err)
		for i := int64(0); i < w; i++ {
			l := int(binary.BigEndian.Uint16(b))
			got, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, n*256+i)})
			must(err)
			if got[0] != tlog.RecordHash(b[2:2+l]) {
				log.Fatalf("entry %d differs", n*256+i)
			}
			b = b[2+l:]
			count++
		}
		if len(b) != 0 {
			log.Fatalf("bundle %d has bytes too many", n)
		}
	}
	return count
}

func main() {
	dir, vkey, old := os.Args[1], os.Args[2], os.Args[3]
	v, err := note.NewVerifier(vkey)
	must(err)
	tree, before := open(filepath.Join(dir, "checkpoint"), v), open(old, v)
	hashes := tlog.TileHashReader(tree, reader{dir})
	fmt.Println("entries", authenticate(dir, tree, hashes))
	record, err := tlog.ProveRecord(tree.N, tree.N/3, hashes)
	must(err)
	leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, tree.N/3)})
	must(err)
	must(tlog.CheckRecord(record, tree.N, tree.Hash, tree.N/3, leaf[0]))
	for _, h := range record {
		fmt.Println("P", h)
	}
	if before.N < tree.N {
		extends, err := tlog.ProveTree(tree.N, before.N, hashes)
		must(err)
		must(tlog.CheckTree(extends, tree.N, tree.Hash, before.N, before.Hash))
		for _, h := range extends {
			fmt.Println("T", h)
		}
	}
}
