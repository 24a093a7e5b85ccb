// Checks logs with the Go checksum database's own code: nothing of govagents is used here.
//
// Reads one JSON object a line and answers each with one: {"ok": true}, or {"ok": false,
// "problem": "..."}. What `govagents audit export` and `audit prove` write are such objects: all
// entries, or none and proofs that carry their own. A checkpoint kept elsewhere is added by hand.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Task is a log to check, or, with Skey set, a text to sign.
type Task struct {
	Vkey        string
	Checkpoints []string
	Entries     [][]byte
	Inclusion   []Inclusion
	Consistency []Consistency

	Skey string
	Text string
}

// Inclusion is a proof for entry Index against the checkpoint of Size entries.
// Entry is read only where the task has no entries.
type Inclusion struct {
	Index, Size int64
	Entry       []byte
	Path        tlog.RecordProof
}

// Consistency is a proof between the checkpoints of OldSize and of Size entries.
type Consistency struct {
	OldSize int64 `json:"old_size"`
	Size    int64
	Path    tlog.TreeProof
}

// Answer says whether all of a task holds.
type Answer struct {
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty"`
	Note    string `json:"note,omitempty"`
}

// memory holds the stored hashes of one log.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(m)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		read[i] = m[index]
	}
	return read, nil
}

func main() {
	lines := json.NewDecoder(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for {
		var task Task
		err := lines.Decode(&task)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "unreadable task:", err)
			os.Exit(2)
		}
		if err := answers.Encode(answer(task)); err != nil {
			fmt.Fprintln(os.Stderr, "cannot answer:", err)
			os.Exit(2)
		}
	}
}

func answer(task Task) Answer {
	if task.Skey != "" {
		signed, err := sign(task)
		if err != nil {
			return Answer{Problem: err.Error()}
		}
		return Answer{OK: true, Note: string(signed)}
	}
	if err := check(task); err != nil {
		return Answer{Problem: err.Error()}
	}
	return Answer{OK: true}
}

func sign(task Task) ([]byte, error) {
	signer, err := note.NewSigner(task.Skey)
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: task.Text}, signer)
}

func check(task Task) error {
	verifier, err := note.NewVerifier(task.Vkey)
	if err != nil {
		return err
	}
	stored, err := store(task.Entries)
	if err != nil {
		return err
	}
	if len(task.Checkpoints) == 0 {
		return errors.New("no checkpoint")
	}
	if len(task.Entries) == 0 && len(task.Inclusion) == 0 {
		return errors.New("neither entries nor proofs of any")
	}
	roots := map[int64]tlog.Hash{}
	for _, text := range task.Checkpoints {
		size, root, err := open(text, verifier)
		if err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
		if len(task.Entries) == 0 {
			roots[size] = root
			continue
		}
		if size > int64(len(task.Entries)) {
			return fmt.Errorf("checkpoint of %d entries, there are %d", size, len(task.Entries))
		}
		computed, err := tlog.TreeHash(size, stored)
		if err != nil {
			return err
		}
		if computed != root {
			return fmt.Errorf("root of %d entries differs", size)
		}
		roots[size] = root
	}
	return prove(task, roots)
}

// prove checks the proofs against signed roots only.
func prove(task Task, roots map[int64]tlog.Hash) error {
	for _, p := range task.Inclusion {
		root, signed := roots[p.Size]
		entry := p.Entry
		if len(task.Entries) > 0 && p.Index >= 0 && p.Index < int64(len(task.Entries)) {
			entry = task.Entries[p.Index]
		} else if len(task.Entries) > 0 {
			signed = false
		}
		if !signed {
			return fmt.Errorf("inclusion of %d in %d: no such entry or checkpoint", p.Index, p.Size)
		}
		leaf := tlog.RecordHash(entry)
		if err := tlog.CheckRecord(p.Path, p.Size, root, p.Index, leaf); err != nil {
			return fmt.Errorf("inclusion of %d in %d: %w", p.Index, p.Size, err)
		}
	}
	for _, p := range task.Consistency {
		old, oldSigned := roots[p.OldSize]
		root, signed := roots[p.Size]
		if !oldSigned || !signed {
			return fmt.Errorf("consistency of %d with %d: no such checkpoint", p.OldSize, p.Size)
		}
		if err := tlog.CheckTree(p.Path, p.Size, root, p.OldSize, old); err != nil {
			return fmt.Errorf("consistency of %d with %d: %w", p.OldSize, p.Size, err)
		}
	}
	return nil
}

func store(entries [][]byte) (memory, error) {
	var stored memory
	for n, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(n), entry, stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return stored, nil
}

func open(text string, verifier note.Verifier) (int64, tlog.Hash, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return 0, tlog.Hash{}, errors.New("not origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}
