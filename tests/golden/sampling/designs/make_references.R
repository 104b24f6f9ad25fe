suppressMessages({library(survey); library(jsonlite)})
data(api); data(nhanes); data(scd); data(mu284); data(election)
options(digits=15)
out <- "."
J <- function(x) if (is.null(x)) NULL else unname(x)
est <- function(m, df) { ci <- confint(m, df=df); cz<-confint(m)
 list(names=names(coef(m)), estimate=J(coef(m)), se=J(as.vector(SE(m))), df=df, ci95_low=J(ci[,1]), ci95_high=J(ci[,2]), ci95_normal_low=J(cz[,1]), ci95_normal_high=J(cz[,2]), cv=J(as.vector(cv(m)))) }
battery <- function(tag, d, v) {
 cs <- list(); add <- function(id, stat, expect, tol=1e-8) cs[[length(cs)+1]] <<- list(id=paste0(tag,".",id), design=tag, stat=stat, expect=expect, rel_tol=tol, abs_tol=1e-8)
 df <- degf(d); rep <- inherits(d,"svyrep.design")
 y<-v$y; f1<-v$f1; f2<-v$f2; x<-v$x; bin<-v$bin; z<-v$z
 fm <- function(...) as.formula(paste0("~",paste(c(...),collapse="+")))
 m <- svymean(fm(y), d, deff=TRUE, na.rm=TRUE); e<-est(m,df); e$deff<-as.vector(deff(m)); add("mean", list(kind="mean",vars=I(y)), e)
 m <- svymean(fm(y), d, deff="replace", na.rm=TRUE); add("mean.replace", list(kind="mean",vars=y,deff="replace"), list(deff=as.vector(deff(m))))
 m <- svymean(fm(y,x), d, na.rm=TRUE); if(!anyNA(d$variables[[y]])&&!anyNA(d$variables[[x]])) add("mean2", list(kind="mean",vars=c(y,x)), list(estimate=J(coef(m)),vcov=unname(as.matrix(vcov(m)))))
 m <- svytotal(fm(x), d, deff=TRUE, na.rm=TRUE); e<-est(m,df); e$deff<-as.vector(deff(m)); add("total", list(kind="total",vars=x), e)
 m <- svymean(fm(f1), d, deff=TRUE, na.rm=TRUE); e<-est(m,df); e$deff<-as.vector(diag(as.matrix(deff(m)))); if(is.matrix(deff(m))) {} else e$deff<-as.vector(deff(m)); e$vcov<-unname(as.matrix(vcov(m))); add("prop", list(kind="proportion",var=f1), e)
 m <- svytotal(fm(f1), d, na.rm=TRUE); add("count", list(kind="total",var=f1,levels=TRUE), est(m,df))
 m <- svyratio(fm(x),fm(y), d, na.rm=TRUE); add("ratio", list(kind="ratio",numerator=x,denominator=y), list(estimate=as.vector(coef(m)),se=as.vector(SE(m))))
 m <- svyvar(fm(y), d, na.rm=TRUE); add("var", list(kind="variance",var=y), list(estimate=as.vector(coef(m)),se=as.vector(SE(m))))
 its <- if (rep) "mean" else c("mean","beta","xlogit","asin","score")
 for (it in its) for (qr in if(it=="mean") c("math","school","hf1","hf2","hf5","hf6","hf7","hf8","hf9") else "math") {
   q <- try(svyquantile(fm(y), d, c(.1,.25,.5,.75,.9), interval.type=it, qrule=qr, na.rm=TRUE)[[1]],silent=TRUE)
   if (!inherits(q,"try-error")) add(paste("quantile",qr,it,sep="."), list(kind="quantile",var=y,probs=c(.1,.25,.5,.75,.9),qrule=qr,interval=it), list(estimate=as.vector(q[,1]),ci95_low=as.vector(q[,2]),ci95_high=as.vector(q[,3]),se=as.vector(q[,4]))) else cat(tag,it,"quantile failed\n") }
 b <- svyby(fm(y), fm(f1), d, svymean, deff=TRUE, na.rm=TRUE)
 lv <- lapply(as.character(b[[1]]), function(l) { s<-d[d$variables[[f1]] %in% l,]; m<-svymean(fm(y), s, deff=TRUE, na.rm=TRUE); e<-est(m,degf(s)); e$level<-l; e$deff<-as.vector(deff(m)); e$n<-sum(d$variables[[f1]] %in% l & weights(d,"sampling")!=0); e$n<-NULL; e})
 add("domain.mean", list(kind="mean",var=y,by=f1), list(levels=lv))
 b <- svyby(fm(x), fm(f1), d, svytotal, na.rm=TRUE); add("domain.total", list(kind="total",var=x,by=f1), list(levels=as.character(b[[1]]),estimate=as.vector(coef(b)),se=as.vector(SE(b))))
 b <- svyby(fm(y), fm(f2,f1), d, svymean, na.rm=TRUE); add("domain.cross", list(kind="mean",var=y,by=c(f2,f1)), list(levels=rownames(b),estimate=as.vector(coef(b)),se=as.vector(SE(b))))
 b <- svyby(fm(y), fm(f2), d, svymean, na.rm=TRUE, covmat=!anyNA(d$variables[[y]]) && is.null(d$postStrata)); l<-as.character(b[[1]])
 if (length(l)==2 && !anyNA(d$variables[[y]]) && is.null(d$postStrata)) { k<-svycontrast(b, setNames(c(-1,1), names(coef(b)))); add("difference", list(kind="difference",var=y,by=f2,order=l,contrast=c(-1,1)), list(estimate=as.vector(coef(k)),se=as.vector(SE(k)),vcov=unname(as.matrix(vcov(b)))))}
 s <- d[d$variables[[f2]] %in% l[1],]; m<-svymean(fm(y), s, na.rm=TRUE); add("subpop.mean", list(kind="mean",var=y,subpopulation=list(var=f2,equals=l[1])), est(m,degf(s)))
 m<-svytotal(fm(x), s, na.rm=TRUE); add("subpop.total", list(kind="total",var=x,subpopulation=list(var=f2,equals=l[1])), est(m,degf(s)))
 d$variables$.b <- as.numeric(d$variables[[bin$var]]==bin$equals)
 dd <- d; if(anyNA(d$variables$.b)) dd <- d[!is.na(d$variables$.b),]
 for (me in c("logit","likelihood","asin","beta","mean","xlogit")) { if (rep && me=="likelihood") next
  p <- try(svyciprop(~.b, dd, method=me, df=df), silent=TRUE)
  if (!inherits(p,"try-error")) add(paste0("ciprop.",me), list(kind="proportion_ci",var=bin$var,equals=bin$equals,method=me,df=df), list(estimate=as.vector(coef(p)),ci95_low=as.vector(confint(p)[1]),ci95_high=as.vector(confint(p)[2])), if(me %in% c("likelihood")) 1e-5 else 1e-7) else cat(tag,me,"failed",p,"\n") }
 if(rep) {m<-svymean(fm(y,x), d, na.rm=TRUE, return.replicates=TRUE); names(m$mean)[1:2]<-c("a","b"); colnames(m$replicates)<-c("a","b")} else {m<-svymean(fm(y,x),d,na.rm=TRUE);names(m)[1:2]<-c("a","b")}; k<-svycontrast(m, quote(log(a/b)));
 if (!anyNA(d$variables[[y]]) && !anyNA(d$variables[[x]])) add("expr", list(kind="expression",expr=sprintf("log(mean(%s)/mean(%s))",y,x)), list(estimate=as.vector(coef(k)),se=as.vector(SE(k))))
 ctl <<- glm.control(epsilon=1e-14,maxit=100)
 g <- svyglm(as.formula(v$lin), d); sm<-coef(summary(g)); rt<-regTermTest(g, as.formula(paste("~",strsplit(v$lin,"~")[[1]][2])))
 add("glm.linear", list(kind="glm",family="gaussian",formula=v$lin), list(names=names(coef(g)),estimate=J(coef(g)),se=J(SE(g)),t=J(sm[,3]),p=J(sm[,4]),df_resid=g$df.residual,vcov=unname(vcov(g)),wald_F_all=list(F=as.vector(rt$Ftest),df=rt$df,ddf=rt$ddf,p=as.vector(rt$p))),1e-6)
 g <- try(svyglm(as.formula(v$log), d, family=quasibinomial, control=ctl),silent=TRUE); if(inherits(g,"try-error")) g<-svyglm(as.formula(v$log), d, family=quasibinomial); sm<-coef(summary(g))
 add("glm.logistic", list(kind="glm",family="quasibinomial",formula=v$log), list(names=names(coef(g)),estimate=J(coef(g)),se=J(SE(g)),t=J(sm[,3]),p=J(sm[,4]),df_resid=g$df.residual), if(rep) 1e-4 else 1e-6)
 for (st in c("F","Chisq","Wald","adjWald","lincom","saddlepoint")) { h <- try(suppressWarnings(svychisq(fm(f1,f2), d, statistic=st)),silent=TRUE); if(inherits(h,"try-error")) {cat(tag,st,"chisq failed",h); next}
  add(paste0("chisq.",st), list(kind="chisq",row=f1,col=f2,statistic=st), list(statistic=as.vector(h$statistic),parameter=as.vector(h$parameter),p=as.vector(h$p.value)),1e-6) }
 t2 <- svytable(fm(f1,f2), d); add("table", list(kind="table",row=f1,col=f2), list(rows=rownames(t2),cols=colnames(t2),counts=unname(unclass(as.matrix(t2)))))
 tt <- svyttest(as.formula(paste(y,"~",v$two)), d); add("ttest", list(kind="ttest",var=y,by=v$two), list(t=as.vector(tt$statistic),df=as.vector(tt$parameter),p=as.vector(tt$p.value),difference=as.vector(tt$estimate),ci95_low=as.vector(tt$conf.int)[1],ci95_high=as.vector(tt$conf.int)[2]))
 for (te in c("wilcoxon","vanderWaerden","median")) { rt <- try(svyranktest(as.formula(paste(y,"~",v$two)), d, test=te),silent=TRUE); if(inherits(rt,"try-error")) {cat(tag,te,"rank failed",rt);next}
  add(paste0("rank.",te), list(kind="ranktest",var=y,by=v$two,test=te), list(t=as.vector(rt$statistic),df=as.vector(rt$parameter),p=as.vector(rt$p.value),difference=as.vector(rt$estimate)),1e-6)}
 rt <- try(svyranktest(as.formula(paste(y,"~factor(",f1,")")), d, test="KruskalWallis"),silent=TRUE); if(!inherits(rt,"try-error") && length(unique(d$variables[[f1]]))>2) add("rank.KW", list(kind="ranktest",var=y,by=f1,test="KruskalWallis"), list(chisq=as.vector(rt$parameter),ndf=as.vector(rt$statistic),df=as.vector(rt$ddf),p=as.vector(rt$p.value)),1e-6)
 a <- svycralpha(fm(v$items), d, na.rm=TRUE); add("alpha", list(kind="cronbach_alpha",vars=v$items), list(alpha=as.vector(a)))
 cs }
save <- function(name, data, designs, cases) { write.csv(data, file.path(out,paste0(name,".csv")), row.names=FALSE, na="")
 write(toJSON(list(schema="golden-sampling/1",dataset=paste0(name,".csv"),software="R 4.2.2, package survey 4.1-1 (Lumley)",designs=designs,cases=cases), auto_unbox=TRUE,digits=NA,null="null",na="null"), file.path(out,paste0(name,".golden.json"))) }
apiv <- list(y="api00",x="enroll",f1="stype",f2="comp.imp",two="comp.imp",bin=list(var="comp.imp",equals="Yes"),lin="api00 ~ ell + meals + mobility + stype",log="I(comp.imp=='Yes') ~ ell + meals + mobility",items=c("api00","api99","meals"))
D <- function(ids=NULL,strata=NULL,weights=NULL,fpc=NULL,nest=NULL,...) list(ids=ids,strata=strata,weights=weights,fpc=fpc,nest=nest,...)
# one-stage clusters
d1 <- svydesign(id=~dnum,weights=~pw,fpc=~fpc,data=apiclus1); d2 <- svydesign(id=~dnum,weights=~pw,data=apiclus1); d3<-svydesign(id=~dnum,fpc=~fpc,data=apiclus1)
jk <- as.svrepdesign(d1)
save("apiclus1", apiclus1, list(clus1=D(I("dnum"),NULL,"pw",I("fpc")),clus1n=D(I("dnum"),NULL,"pw"),clus1f=D(I("dnum"),NULL,NULL,I("fpc")),clus1jk=D(I("dnum"),NULL,"pw",I("fpc"),replicates=list(type="JK1"))), c(battery("clus1",d1,apiv),battery("clus1n",d2,apiv),battery("clus1f",d3,apiv),battery("clus1jk",jk,apiv)))
# two stages
e1 <- svydesign(id=~dnum+snum,fpc=~fpc1+fpc2,data=apiclus2); e2 <- svydesign(id=~dnum+snum,weights=~pw,data=apiclus2)
save("apiclus2", apiclus2, list(clus2=D(c("dnum","snum"),NULL,NULL,c("fpc1","fpc2")),clus2n=D(c("dnum","snum"),NULL,"pw")), c(battery("clus2",e1,apiv),battery("clus2n",e2,apiv)))
# nhanes, nested ids, missing values
nhanes$obese <- rep(c(0,1,0),length.out=nrow(nhanes)); set.seed(3); nhanes$x <- round(rnorm(nrow(nhanes),50,10),2); nhanes$y<-round(nhanes$x*.3+10*nhanes$RIAGENDR+rnorm(nrow(nhanes),0,20),1); nhanes$z<-round(runif(nrow(nhanes)),3); nhanes$sex<-ifelse(nhanes$RIAGENDR==1,"m","f"); nhanes$race<-paste0("r",nhanes$race); nhanes$hi<-ifelse(is.na(nhanes$HI_CHOL),NA,ifelse(nhanes$HI_CHOL==1,"Yes","No")); nhanes$y[c(5,17,200,4000)]<-NA
nv <- list(y="y",x="x",f1="agecat",f2="sex",two="sex",bin=list(var="hi",equals="Yes"),lin="y ~ x + sex*agecat",log="I(hi=='Yes') ~ x + agecat + sex",items=c("x","y","z"))
n1 <- svydesign(id=~SDMVPSU,strata=~SDMVSTRA,weights=~WTMEC2YR,nest=TRUE,data=nhanes)
n3 <- n1; two <- nhanes
tab <- tapply(nhanes$SDMVPSU,nhanes$SDMVSTRA,function(x) length(unique(x))); ok <- nhanes$SDMVSTRA %in% names(tab)[tab==2]
two <- nhanes[ok,]; n2 <- svydesign(id=~SDMVPSU,strata=~SDMVSTRA,weights=~WTMEC2YR,nest=TRUE,data=two)
save("nhanes", nhanes, list(nh=D(I("SDMVPSU"),I("SDMVSTRA"),"WTMEC2YR",NULL,TRUE),nhj=D(I("SDMVPSU"),I("SDMVSTRA"),"WTMEC2YR",NULL,TRUE,replicates=list(type="JKn"))), c(battery("nh",n1,nv),battery("nhj",as.svrepdesign(n1,type="JKn"),nv)))
keep <- two$SDMVSTRA %in% sort(unique(two$SDMVSTRA))[1:9]; b10 <- two[keep,c('SDMVPSU','SDMVSTRA','WTMEC2YR','agecat','sex','hi','x','y','z')]
nb <- svydesign(id=~SDMVPSU,strata=~SDMVSTRA,weights=~WTMEC2YR,nest=TRUE,data=b10)
save("nhanes2", b10, list(brr=D(I("SDMVPSU"),I("SDMVSTRA"),"WTMEC2YR",NULL,TRUE,replicates=list(type="BRR")),fay=D(I("SDMVPSU"),I("SDMVSTRA"),"WTMEC2YR",NULL,TRUE,replicates=list(type="Fay",rho=0.3))), c(battery("brr",as.svrepdesign(nb,type="BRR"),nv),battery("fay",as.svrepdesign(nb,type="Fay",fay.rho=.3),nv)))
# stratified two-stage with fpc, nested labels
set.seed(11); rows<-list(); for(h in 1:6) {N1<-c(12,9,20,7,15,30)[h]; n1s<-c(3,3,4,2,3,5)[h]; for(p in 1:n1s) {N2<-sample(4:20,1); n2s<-sample(2:min(4,N2),1); mu<-rnorm(1,50+3*h,6); for(u in 1:n2s) rows[[length(rows)+1]]<-data.frame(h=paste0("S",h),psu=p,ssu=u,N1=N1,N2=N2,y=round(mu+rnorm(1,0,9),2),x=round(abs(mu*rnorm(1,1,.2)),1),f1=sample(c("a","b","c"),1),f2=sample(c("no","yes"),1),q=round(rnorm(1,5,2),1))}}
t2<-do.call(rbind,rows); t2$n1<-ave(t2$psu,t2$h,FUN=function(v) length(unique(v))); t2$n2<-ave(t2$ssu,t2$h,t2$psu,FUN=length); t2$w<-t2$N1/t2$n1*t2$N2/t2$n2; t2$ff1<-t2$n1/t2$N1; t2$ff2<-t2$n2/t2$N2
tv<-list(y="y",x="x",f1="f1",f2="f2",two="f2",bin=list(var="f2",equals="yes"),lin="y ~ x + f1",log="I(f2=='yes') ~ x + f1",items=c("y","x","q"))
s1<-svydesign(id=~psu+ssu,strata=~h,fpc=~N1+N2,weights=~w,nest=TRUE,data=t2); s2<-svydesign(id=~psu+ssu,strata=~h,fpc=~ff1+ff2,nest=TRUE,data=t2)
save("twostage", t2, list(ts=D(c("psu","ssu"),I("h"),"w",c("N1","N2"),TRUE),tsf=D(c("psu","ssu"),I("h"),NULL,c("ff1","ff2"),TRUE)), c(battery("ts",s1,tv),battery("tsf",s2,tv)))

# calibrated designs
W <- function(...) list(list(...))
c1 <- calibrate(d1, ~stype+api99, c(`(Intercept)`=6194,stypeH=755,stypeM=1018,api99=3914069))
c2 <- rake(e1, list(~stype,~sch.wide), list(data.frame(stype=c("E","H","M"),Freq=c(4421,755,1018)),data.frame(sch.wide=c("No","Yes"),Freq=c(1072,5122))), control=list(maxit=500,epsilon=1e-10))
c3 <- postStratify(svydesign(id=~dnum+snum,fpc=~fpc1+fpc2,data=apiclus2), ~stype, data.frame(stype=c("E","H","M"),Freq=c(4421,755,1018)))
tg <- list(`(Intercept)`=6194,stypeH=755,stypeM=1018,api99=3914069); mg<-list(stype=list(E=4421,H=755,M=1018),`sch.wide`=list(No=1072,Yes=5122))
c4 <- calibrate(d1, ~stype+api99, c(`(Intercept)`=6194,stypeH=755,stypeM=1018,api99=3914069), calfun="raking",epsilon=1e-12)
c5 <- calibrate(d1, ~stype+api99, c(`(Intercept)`=6194,stypeH=755,stypeM=1018,api99=3914069), calfun="logit",bounds=c(.3,3),epsilon=1e-12)
cj <- calibrate(as.svrepdesign(d1), ~stype+api99, c(`(Intercept)`=6194,stypeH=755,stypeM=1018,api99=3914069))
cf <- list(kind="calibrate",calfun="linear",bounds=NULL,formula="~stype+api99",totals=tg)
apiv2 <- apiv; apiv2$f1<-"awards"; apiv2$lin<-"api00 ~ ell + meals + mobility"
apiv3 <- apiv2; apiv3$y <- "growth"
save("apiclus1_weighted", apiclus1, list(cal=D(I("dnum"),NULL,"pw",I("fpc"),weighting=list(cf)),calr=D(I("dnum"),NULL,"pw",I("fpc"),weighting=list(modifyList(cf,list(calfun="raking")))),call=D(I("dnum"),NULL,"pw",I("fpc"),weighting=list(list(kind="calibrate",calfun="logit",bounds=c(.3,3),formula="~stype+api99",totals=tg))),calj=D(I("dnum"),NULL,"pw",I("fpc"),weighting=list(cf),replicates=list(type="JK1"))), c(battery("cal",c1,apiv2),battery("calr",c4,apiv2),battery("call",c5,apiv2),battery("calj",cj,apiv2)))
ac2 <- apiclus2[!is.na(apiclus2$enroll),]
save("apiclus2_weighted", apiclus2, list(rak=D(c("dnum","snum"),NULL,NULL,c("fpc1","fpc2"),weighting=list(list(kind="rake",margins=mg))),pos=D(c("dnum","snum"),NULL,NULL,c("fpc1","fpc2"),weighting=list(list(kind="poststratify",by="stype",totals=mg$stype)))), c(battery("rak",c2,apiv2),battery("pos",c3,apiv2)))
# three stages, strata at two stages, balanced halves of four, lonely units
set.seed(5)
mk <- function(H,n1f,n2f,n3f) {rows<-list(); for(h in 1:H) for(p in 1:n1f(h)) {mu<-rnorm(1,50+2*h,6); for(s in 1:n2f(h)) for(u in 1:n3f(h)) rows[[length(rows)+1]]<-data.frame(h=h,psu=100*h+p,ssu=s,tsu=u,y=round(mu+rnorm(1,0,9),2),x=round(abs(mu*rnorm(1,1,.2)),1),f1=sample(c("a","b","c"),1),f2=sample(c("no","yes"),1),q=round(rnorm(1,5,2),1))}; do.call(rbind,rows)}
tv<-list(y="y",x="x",f1="f1",f2="f2",two="f2",bin=list(var="f2",equals="yes"),lin="y ~ x + f1",log="I(f2=='yes') ~ x",items=c("y","x","q"))
# three stages
a <- mk(4,function(h) 3,function(h) 2,function(h) 3); a$N1<-c(10,20,8,3)[a$h]; a$N2<-rep(c(4,6),length.out=nrow(a)); a$N2<-ave(a$N2,a$psu,FUN=function(v) v[1]); a$N3<-ave(sample(3:9,nrow(a),TRUE),a$psu,a$ssu,FUN=function(v) max(v,3)); a$w<-a$N1/3*a$N2/2*a$N3/3
t3<-svydesign(id=~psu+ssu+tsu,strata=~h,fpc=~N1+N2+N3,data=a)
a$NI<-Inf; a$NB<-1e11
t3i<-svydesign(id=~psu+ssu+tsu,strata=~h,fpc=~N1+NB+N3,weights=~w,data=a)
# strata at two stages
a$h2<-paste0("t",a$ssu %/% 2)
b<-mk(3,function(h) 3,function(h) 4,function(h) 2); b$h2<-ifelse(b$ssu<=2,"u","v"); b$N1<-c(9,12,30)[b$h]; b$N2<-ifelse(b$h2=="u",5,7); b$w<-b$N1/3*b$N2/2
s22<-svydesign(id=~psu+ssu,strata=~h+h2,fpc=~N1+N2,weights=~w,data=b)
save("three",a[,!names(a)%in%c("NI")],list(t3=D(c("psu","ssu","tsu"),I("h"),NULL,c("N1","N2","N3")),t3i=D(c("psu","ssu","tsu"),I("h"),"w",c("N1","NB","N3"))),c(battery("t3",t3,tv),battery("t3i",t3i,tv)))
save("strata2",b,list(s22=D(c("psu","ssu"),c("h","h2"),"w",c("N1","N2"))),battery("s22",s22,tv))
# BRR with four units in some strata, more than ten strata (text order)
c4<-mk(11,function(h) if(h%%3==0) 4 else 2,function(h) 1,function(h) 4); c4$w<-round(runif(nrow(c4),1,4),2)
d4<-svydesign(id=~psu,strata=~h,weights=~w,data=c4)
save("brr4",c4,list(brr4=D(I("psu"),I("h"),"w",replicates=list(type="BRR")),fay4=D(I("psu"),I("h"),"w",replicates=list(type="Fay",rho=.5)),mse4=D(I("psu"),I("h"),"w",replicates=list(type="JKn",mse=TRUE))),c(battery("brr4",as.svrepdesign(d4,type="BRR"),tv),battery("fay4",as.svrepdesign(d4,type="Fay",fay.rho=.5),tv),battery("mse4",as.svrepdesign(d4,type="JKn",mse=TRUE),tv)))
# lonely, two stages; domains that leave lonely strata
l<-mk(6,function(h) if(h==2||h==5) 1 else 3,function(h) 2,function(h) 3); l$N1<-c(10,20,8,6,9,30)[l$h]; l$N2<-8; l$w<-l$N1/ave(l$psu,l$h,FUN=function(v) length(unique(v)))*4
l$f1[l$h==2]<-"a"; l$f1[l$h==5&l$f1=="c"]<-"b"
cs<-list(); ds<-list()
for(o in c("adjust","average","remove","certainty")) for (dl in c(FALSE,TRUE)) {options(survey.lonely.psu=o,survey.adjust.domain.lonely=dl); tag<-paste0("lon_",o,dl)
 dd<-svydesign(id=~psu+ssu,strata=~h,fpc=~N1+N2,weights=~w,data=l); cs<-c(cs,suppressWarnings(battery(tag,dd,tv))); ds[[tag]]<-D(c("psu","ssu"),I("h"),"w",c("N1","N2"),lonely_psu=o,adjust_domain_lonely=dl)}
save("lonely",l,ds,cs)
