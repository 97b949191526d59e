(* Decode = prefill = chunked prefill, for any number of tokens and any cut into chunks: decode.hpp, causal.hpp.

   In exact numbers each gives, for every token's row, the softmax mean of the keys up to the token's own, and leaves a
   cache of all keys. *)
From Coq Require Import Reals List Lra Lia Arith Permutation.
From Attest Require Import sums program exact.
Import ListNotations.
Open Scope R_scope.

Lemma sum_permutation {T} (f : T -> R) ts us : Permutation ts us -> sum f ts = sum f us.
Proof. induction 1; simpl; lra. Qed.

Lemma mean_permutation {K} (s : K -> R) v ts us c : Permutation ts us -> mean s v ts c = mean s v us c.
Proof. intros H. unfold mean. rewrite !(sum_permutation _ _ _ H). reflexivity. Qed.

Lemma mean_map {J K} (s : K -> R) v (h : J -> K) js c :
  mean (fun j => s (h j)) (fun j => v (h j)) js c = mean s v (map h js) c.
Proof. unfold mean. rewrite !sum_map. reflexivity. Qed.

Lemma map_nth_seq {T} (ts : list T) d : forall n, (n <= length ts)%nat -> map (fun j => nth j ts d) (seq 0 n) = firstn n ts.
Proof.
  induction ts as [|t ts IH]; intros [|n] H; simpl in *; try lia; auto.
  rewrite <- seq_shift, map_map, IH by lia. reflexivity.
Qed.

Lemma filter_upto i n : filter (fun j => j <=? i)%nat (seq 0 n) = seq 0 (Nat.min (S i) n).
Proof.
  induction n as [|n IH]; [rewrite Nat.min_0_r; reflexivity|].
  rewrite seq_S, filter_app, IH. simpl filter.
  destruct (Nat.leb_spec n i) as [H|H].
  - rewrite (Nat.min_r (S i) (S n)), (Nat.min_r (S i) n), seq_S by lia. reflexivity.
  - rewrite (Nat.min_l (S i) (S n)), (Nat.min_l (S i) n) by lia. apply app_nil_r.
Qed.

(* schedule.cpp: tiles of `size` keys, the last one shorter. *)
Fixpoint tiles_from (fuel at_ last size : nat) : list schedule :=
  match fuel with
  | O => []
  | S fuel =>
    if (at_ <? last)%nat then tile at_ (Nat.min (at_ + size) last) :: tiles_from fuel (at_ + size) last size else []
  end.

Definition tiled keys size := if (keys <=? size)%nat then tile 0 keys else parts (tiles_from keys 0 keys size).

Lemma tiles_cover size last : (1 <= size)%nat -> forall fuel at_, (last - at_ <= fuel)%nat ->
  flat_map covered (tiles_from fuel at_ last size) = seq at_ (last - at_).
Proof.
  intros Hsize. induction fuel as [|fuel IH]; intros at_ H; simpl; [replace (last - at_)%nat with O by lia; reflexivity|].
  destruct (Nat.ltb_spec at_ last) as [Hl|Hl]; [|replace (last - at_)%nat with O by lia; reflexivity].
  simpl. rewrite IH by lia.
  replace (last - at_)%nat with ((Nat.min (at_ + size) last - at_) + (last - (at_ + size)))%nat by lia.
  rewrite seq_app. f_equal.
  destruct (Nat.le_gt_cases (at_ + size) last).
  - replace (at_ + (Nat.min (at_ + size) last - at_))%nat with (at_ + size)%nat by lia. reflexivity.
  - replace (last - (at_ + size))%nat with O by lia. reflexivity.
Qed.

Lemma tiled_covers keys size : (1 <= size)%nat -> covered (tiled keys size) = seq 0 keys.
Proof.
  intros H. unfold tiled. destruct (keys <=? size)%nat; simpl; rewrite ?Nat.sub_0_r; [reflexivity|].
  rewrite tiles_cover, Nat.sub_0_r by lia. reflexivity.
Qed.

Section Decoding.
Context {Query Key : Type} (score : Query -> Key -> R) (value_of : Key -> nat -> R) (none : Key).
Notation token := (Query * Key)%type.

(* Which keys each row sees: those of the past, and the tokens' own up to the row. *)
Fixpoint causal (past : list Key) (tokens : list token) : list (Query * list Key) :=
  match tokens with [] => [] | (q, k) :: rest => (q, past ++ [k]) :: causal (past ++ [k]) rest end.

(* A row is the softmax mean of the keys that its query sees. *)
Definition attends (r : row R) (seen : Query * list Key) :=
  forall c, output r c = mean (score (fst seen)) value_of (snd seen) c.

(* decode: the row's own key first, then the cache in turn; the key is appended. *)
Definition decode (cache : list Key) (q : Query) (k : Key) :=
  (fold_left (step exact (score q) value_of) cache (block exact (score q) value_of k []), cache ++ [k]).

Fixpoint decode_all (cache : list Key) (tokens : list token) :=
  match tokens with
  | [] => ([], cache)
  | (q, k) :: rest =>
    let (r, cache) := decode cache q k in let (rs, cache) := decode_all cache rest in (r :: rs, cache)
  end.

Theorem decode_is_causal tokens : forall cache,
  let (rows, after) := decode_all cache tokens in
  Forall2 attends rows (causal cache tokens) /\ after = cache ++ map snd tokens.
Proof.
  induction tokens as [|[q k] tokens IH]; intros cache; simpl; [rewrite app_nil_r; auto|].
  specialize (IH (cache ++ [k])). destruct (decode_all (cache ++ [k]) tokens) as [rows after].
  destruct IH as (Hrows & ->). rewrite <- app_assoc. split; [|reflexivity].
  constructor; [|assumption]. intros c. simpl fst; simpl snd.
  rewrite (output_is_mean (score q) value_of _ ([k] ++ cache));
    [|apply steps_represent; apply block_represents|discriminate].
  apply mean_permutation, Permutation_app_comm.
Qed.

(* Row i of a prefill: any schedule over all keys, those after the row left out. *)
Definition row_by (keys : list Key) (s : schedule) (visible : nat -> bool) (q : Query) :=
  run (fun j => score q (nth j keys none)) (fun j => value_of (nth j keys none)) visible s.

Lemma row_by_attends keys s visible q upto : (S upto <= length keys)%nat ->
  filter visible (covered s) = seq 0 (S upto) ->
  exists r, row_by keys s visible q = Some r /\ attends r (q, firstn (S upto) keys).
Proof.
  intros Hlen Hcov. unfold row_by.
  pose proof (every_schedule_represents (fun j => score q (nth j keys none)) (fun j => value_of (nth j keys none))
                visible s) as H.
  rewrite Hcov in H. destruct (run _ _ _ s) as [r|]; [|discriminate H].
  exists r. split; [reflexivity|]. intros c. simpl fst; simpl snd. destruct H as (Hne & H).
  rewrite (output_is_mean _ _ _ _ c H Hne), (mean_map (score q) value_of), map_nth_seq by assumption. reflexivity.
Qed.

Lemma causal_nth tokens : forall past i q k, nth_error tokens i = Some (q, k) ->
  nth_error (causal past tokens) i = Some (q, past ++ firstn (S i) (map snd tokens)).
Proof.
  induction tokens as [|[q' k'] tokens IH]; intros past [|i] q k H; try discriminate.
  - injection H as <- <-. reflexivity.
  - simpl in H. simpl causal. simpl nth_error. rewrite (IH _ _ _ _ H), <- app_assoc. reflexivity.
Qed.

Theorem prefill_is_causal tokens s i q k : nth_error tokens i = Some (q, k) -> covered s = seq 0 (length tokens) ->
  exists r seen, row_by (map snd tokens) s (fun j => j <=? i)%nat q = Some r /\
    nth_error (causal [] tokens) i = Some seen /\ attends r seen.
Proof.
  intros Hi Hs. assert (i < length tokens)%nat by (apply nth_error_Some; congruence).
  destruct (row_by_attends (map snd tokens) s (fun j => j <=? i)%nat q i) as (r & Hr & Ha).
  - rewrite map_length; assumption.
  - rewrite Hs, filter_upto. f_equal. lia.
  - exists r, (q, firstn (S i) (map snd tokens)). rewrite (causal_nth _ _ _ _ _ Hi). auto.
Qed.

(* prefill_chunk: row i merges the past, in tiles, with its own part of the chunk. *)
Definition chunk_row (past : list Key) (chunk : list token) size i (q : Query) :=
  let n := length past in
  row_by (past ++ map snd chunk) (parts [tiled n size; tile n (n + i + 1)]) (fun _ => true) q.

Theorem chunk_is_causal past chunk size i q k : (1 <= size)%nat -> nth_error chunk i = Some (q, k) ->
  exists r seen, chunk_row past chunk size i q = Some r /\
    nth_error (causal past chunk) i = Some seen /\ attends r seen.
Proof.
  intros Hsize Hi. assert (i < length chunk)%nat by (apply nth_error_Some; congruence).
  destruct (row_by_attends (past ++ map snd chunk) (parts [tiled (length past) size; tile (length past) (length past + i + 1)])
    (fun _ => true) q (length past + i)) as (r & Hr & Ha).
  - rewrite app_length, map_length; lia.
  - simpl covered. rewrite tiled_covers, app_nil_r by assumption.
    replace (length past + i + 1 - length past)%nat with (S i) by lia.
    rewrite <- seq_app. replace (length past + S i)%nat with (S (length past + i)) by lia.
    generalize (seq 0 (S (length past + i))) as js. induction js as [|j js IH]; simpl; congruence.
  - exists r, (q, firstn (S (length past + i)) (past ++ map snd chunk)). split; [exact Hr|]. split; [|exact Ha].
    rewrite (causal_nth _ _ _ _ _ Hi). f_equal. f_equal.
    rewrite firstn_app. replace (S (length past + i) - length past)%nat with (S i) by lia.
    rewrite (firstn_all2 past) by lia. reflexivity.
Qed.

(* Cutting the tokens into chunks changes no row: each chunk meets a cache of the tokens before it. *)
Theorem any_cut_into_chunks (chunks : list (list token)) : forall past,
  causal past (concat chunks) =
    concat (map (fun i => causal (past ++ map snd (concat (firstn i chunks))) (nth i chunks []))
              (seq 0 (length chunks))).
Proof.
  assert (forall tokens more past, causal past (tokens ++ more) = causal past tokens ++ causal (past ++ map snd tokens) more)
    as Happ.
  { induction tokens as [|[q k] tokens IH]; intros more past; simpl; [rewrite app_nil_r; reflexivity|].
    rewrite IH, <- app_assoc. reflexivity. }
  induction chunks as [|chunk chunks IH]; intros past; [reflexivity|].
  simpl. rewrite app_nil_r, Happ, IH, <- seq_shift, map_map. f_equal. f_equal. apply map_ext. intros i. simpl.
  rewrite map_app, app_assoc. reflexivity.
Qed.
End Decoding.
